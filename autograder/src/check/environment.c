/* environment.c - see environment.h. */
#include "environment.h"
#include "../base/messages.h"
#include "../base/text.h"
#include "judge_process.h"

#include <errno.h>
#include <stdlib.h>

enum { VARIABLES_MAX = 24 };

struct variables {
	size_t n;
	bool failed;
	char *at[VARIABLES_MAX];
};

__attribute__((format(printf, 2, 3))) static void
put(struct variables *v, const char *format, ...)
{
	struct text t = {0};
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&t, format, arguments);
	va_end(arguments);
	/* The last place is the list's end. */
	if (v->n + 1 < VARIABLES_MAX && (v->at[v->n] = text_take(&t)) != NULL)
		v->n++;
	else
		v->failed = true;
	text_free(&t);
}

/* What our own environment says, where a judge needs it. */
static void
pass_on(struct variables *v, const char *name)
{
	const char *value = getenv(name);

	if (value != NULL)
		put(v, "%s=%s", name, value);
}

static void
put_limits(struct variables *v, const struct limits *l)
{
	put(v,
	    "GABEL_LIMITS=cpu-ms=%llu,memory-mib=%llu,processes=%llu,descriptors=%llu,"
	    "file-kib=%llu,output-kib=%llu,wall-ms=%llu",
	    (unsigned long long)l->cpu_ms, (unsigned long long)l->memory_mib,
	    (unsigned long long)l->processes, (unsigned long long)l->descriptors,
	    (unsigned long long)l->file_kib, (unsigned long long)l->output_kib,
	    (unsigned long long)l->wall_ms);
}

char **
judge_environment(const struct checking *c, const struct result *r, const char *ids)
{
	struct variables *v = calloc(1, sizeof *v);
	char **environment = calloc(VARIABLES_MAX, sizeof *environment);

	if (v == NULL || environment == NULL) {
		free(v);
		free(environment);
		return NULL;
	}
	put(v, "PATH=/usr/local/bin:/usr/bin:/bin");
	put(v, "HOME=/");
	put(v, "LC_ALL=%s", messages_locale());
	put(v, "LANGUAGE=%s", messages_language());
	put(v, "BATS_LIB_PATH=/usr/lib/bats:%s/autograder/judge", c->root);
	put(v, "GABEL_CHANNEL=%d", CHANNEL_FD);
	put(v, "GABEL_ROOT=%s", c->root);
	put(v, "GABEL_LAB=%s", c->lab->directory);
	put(v, "GABEL_STAGE=%s", c->stage);
	put(v, "GABEL_SEED=%llu", (unsigned long long)r->seed);
	put(v, "GABEL_CHECKS=%s", ids);
	put(v, "GABEL_ISOLATION=%s", c->isolation == ISOLATION_SANDBOX ? "sandbox" : "container");
	put_limits(v, &c->lab->limits);
	if (c->lab->sanitized)
		put(v, "GABEL_SANITIZED=1");
	pass_on(v, "GABEL_RECORD");
	pass_on(v, "TMPDIR");
	for (size_t i = 0; i < v->n; i++)
		environment[i] = v->at[i];
	if (v->failed) {
		judge_environment_free(environment);
		environment = NULL;
		errno = ENOMEM;
	}
	free(v);
	return environment;
}

void
judge_environment_free(char **environment)
{
	int keep = errno;

	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		free(environment[i]);
	free(environment);
	errno = keep;
}
