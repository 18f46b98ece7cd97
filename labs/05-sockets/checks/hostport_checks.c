/* hostport_checks.c - parse_hostport(), by tables. */
#include "checks.h"
#include "hostport.h"
#include "memory.h"
#include <errno.h>
#include <string.h>

static const char *
repeat(const char *text, size_t n)
{
	const char *all = "";

	while (n-- > 0)
		all = words("%s%s", all, text);
	return all;
}

static void
expect_parsed(struct trial *t, const char *text, const char *host, long long port, const char *key)
{
	const struct answer *a = ask(t, "parse", text, word(4711));

	expect(answer_int(a, "result") == 0, key, words(_("\"%s\" is a host and a port"), text),
	    _("parse_hostport returned %lld with errno %s"), answer_int(a, "result"),
	    error_name(answer_int(a, "errno")));
	expect(strcmp(answer_text(a, "host"), host) == 0, key,
	    words(_("the host of \"%s\" is \"%s\""), text, host), _("it is \"%s\""),
	    answer_text(a, "host"));
	expect(answer_int(a, "port") == port, key,
	    words(_("the port of \"%s\" is %lld"), text, port), _("it is %lld"),
	    answer_int(a, "port"));
}

static void
expect_refused(struct trial *t, const char *text, const char *key)
{
	const struct answer *a = ask(t, "parse", text, word(4711));

	expect(answer_int(a, "result") == -1, key, words(_("\"%s\" is refused"), text),
	    _("it is taken for host \"%s\" and port %lld"), answer_text(a, "host"),
	    answer_int(a, "port"));
	expect(answer_int(a, "errno") == EINVAL, key,
	    words(_("\"%s\" is refused with errno %s"), text, error_name(EINVAL)), _("errno is %s"),
	    error_name(answer_int(a, "errno")));
	expect(strcmp(answer_text(a, "host"), "untouched") == 0 && answer_int(a, "port") == 1,
	    "hostport-untouched", _("*hp is set only when the text is good"),
	    _("after \"%s\" it holds host \"%s\" and port %lld"), text, answer_text(a, "host"),
	    answer_int(a, "port"));
}

/*
 * "host [":" [port]]". For: a port that is missing though it has a default, one in
 * the wrong byte order, a name that must begin with a letter.
 */
void
hostport_names(void **state)
{
	(void)state;
	struct trial *t = trial("hostport");
	long long port = draw(256, 9999), other = draw(10, 99);
	const char *name = words("www%lld.Example.org", draw(2, 9999));

	trial_start(t);
	expect_parsed(t, words("%s:%lld", name, port), name, port, "hostport");
	expect_parsed(t, words("127.0.0.1:%lld", other), "127.0.0.1", other, "hostport");
	expect_parsed(t, name, name, 4711, "default-port");
	expect_parsed(t, words("%s:", name), name, 4711, "default-port");
	expect_parsed(t, "10.20.30.40", "10.20.30.40", 4711, "default-port");
	expect_parsed(t, "a:0", "a", 0, "hostport");
	expect_parsed(
	    t, words("my_host-2.AZaz09:0%lld", other), "my_host-2.AZaz09", other, "hostport");
	expect_parsed(t, words("12:%lld", port), "12", port, "hostport");
	trial_finish(t);
}

/* "An IPv6 address stands in brackets." For: a split at the first colon, or at the last. */
void
hostport_ipv6(void **state)
{
	(void)state;
	struct trial *t = trial("hostport");
	long long port = draw(256, 9999);
	const char *address = words("2001:db8::%llx", (unsigned long long)draw(0x10, 0xffff));
	const char *longest = "fedc:ba98:7654:3210:FEDC:BA98:192.168.100.200";
	static const char *const bad[] = {"::1", "::1:80", "[::1", "::1]", "[::1:80", "[]", "[]:80",
	    "[::1]80", "[::1]]", "[[::1]]", "[::1]x:80", "[::1]:x", "[127.0.0.1]:80",
	    "[localhost]:80", "[1:2]:80", "[:::]:80", "[::1%lo]:80", "[", "[:", "[::g]:80"};

	trial_start(t);
	expect_parsed(t, words("[%s]:%lld", address, port), address, port, "hostport-ipv6");
	expect_parsed(t, words("[::1]:%lld", port), "::1", port, "hostport-ipv6");
	expect_parsed(t, words("[%s]", address), address, 4711, "hostport-ipv6");
	expect_parsed(t, "[::]:", "::", 4711, "hostport-ipv6");
	expect_parsed(t, words("[%s]:%lld", longest, port), longest, port, "hostport-ipv6");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_refused(t, bad[i], "hostport-ipv6");
	trial_finish(t);
}

/* "the text, all of it". For: atoi(), sscanf(), strtol() and what they let through. */
void
hostport_bad(void **state)
{
	(void)state;
	struct trial *t = trial("hostport");
	const char *n = word(draw(10, 99));
	static const char *const bad[] = {"", ":", ":80", "host:80x", "host:x80", "host:-1",
	    "host:-0", "host:+80", "host: 80", "host:80 ", " host:80", "host :80", "ho st:80",
	    "host:80:90", "host::80", "host:http", "host:8.0", "host:0x50", "host/path",
	    "host:80/path", "host:8/", "user@host:80", "host\n", "host:80\n", "h\xc3\xb6st",
	    "h%41st", "host;ls", "h*st:80", "host,", "h+st", "~host", "host^", "host`", "h{",
	    "host@"};

	trial_start(t);
	expect_refused(t, words("host:%sx", n), "hostport-bad");
	expect_refused(t, words("host: %s", n), "hostport-bad");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		expect_refused(t, bad[i], "hostport-bad");
	trial_finish(t);
}

/* "HOST_MAX", "greater than 65535". For: what overflows an int or the buffer. */
void
hostport_limits(void **state)
{
	(void)state;
	struct trial *t = trial("hostport");
	const char *longest = repeat("l", HOST_MAX), *zeros = repeat("0", 300);

	trial_start(t);
	expect_parsed(t, "host:65535", "host", 65535, "port-limit");
	expect_parsed(t, words("host:%s80", zeros), "host", 80, "port-limit");
	expect_refused(t, "host:65536", "port-limit");
	expect_refused(t, words("host:%lld", draw(65537, 999999)), "port-limit");
	expect_refused(t, "host:4294967376", "port-limit");
	expect_refused(t, "host:18446744073709551696", "port-limit");
	expect_refused(t, words("host:%s", repeat("9", 400)), "port-limit");
	expect_parsed(t, words("%s:80", longest), longest, 80, "host-limit");
	expect_refused(t, words("%sx", longest), "host-limit");
	expect_refused(t, words("%sx:80", longest), "host-limit");
	expect_refused(t, repeat(longest, 8), "host-limit");
	expect_refused(t, words("[%s1]:80", repeat(":", 1000)), "host-limit");
	expect_refused(t, words("[%s::1]:80", repeat("0", 255)), "host-limit");
	trial_finish(t);
}

/* "uses only memory that it owns". For: the byte behind a text that ends too early; a lost copy. */
void
hostport_memory(void **state)
{
	(void)state;
	struct trial *t = trial("hostport");
	const char *longest = repeat("l", HOST_MAX);
	const char *const texts[] = {"", "h", "h:", "h:1", ":", "[", "]", "[]", "[:", "[::1",
	    "[::1]", "[::1]:", "[::1]:1", "[::1]x", "h:x", "h:65536", longest,
	    words("%s:1", longest), words("%sl", longest), words("[%s]", longest),
	    words("[%s1]", repeat(":", 400))};

	memory_watch(t);
	trial_start(t);
	for (int i = 0; i < 2; i++) /* what is lost is so twice, not only where a register points */
		for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
			ask(t, "bare", texts[k], word(4711));
	trial_finish(t);
	memory_verdict(t, "memory", "leak");
}
