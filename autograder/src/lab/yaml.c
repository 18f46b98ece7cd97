/* yaml.c - see yaml.h. */
#include "yaml.h"
#include "../base/messages.h"
#include "../base/text.h"

#include <string.h>

enum { DEPTH_MAX = 16 };

/* Says once where the bytes stop being text that libyaml could read. */
static void
find_bad_bytes(struct yaml *y, const char *bytes, size_t n)
{
	bool indentation = true;
	int line = 1;

	for (size_t i = 0; i < n;) {
		unsigned code = 0;
		size_t length = utf8_length(bytes + i, n - i, &code);

		if (length == 0) {
			findings_add(y->findings, y->file, line,
			    _("byte 0x%02x is not UTF-8; save the file as UTF-8"),
			    (unsigned char)bytes[i]);
			return;
		}
		if (code == '\t' && indentation)
			findings_add(y->findings, y->file, line,
			    _("a tab in the indentation; YAML wants spaces"));
		else if ((code < ' ' && code != '\n' && code != '\r' && code != '\t') ||
			 code == 0x7f)
			findings_add(y->findings, y->file, line,
			    _("a control character (0x%02x); remove it"), code);
		indentation = code == '\n' || (indentation && code == ' ');
		line += code == '\n';
		i += length;
	}
}

static void
forbid(struct yaml *y, const yaml_token_t *token)
{
	int line = (int)token->start_mark.line + 1;

	if (token->type == YAML_ANCHOR_TOKEN || token->type == YAML_ALIAS_TOKEN)
		findings_add(y->findings, y->file, line,
		    _("anchors and aliases (& and *) are not used here; write the value out, "
		      "or put it in quotes when it begins with this sign"));
	else if (token->type == YAML_TAG_TOKEN)
		findings_add(y->findings, y->file, line,
		    _("tags (!) are not used here; put the value in quotes when it begins with "
		      "this sign"));
	else if (token->type == YAML_SCALAR_TOKEN &&
		 memchr(token->data.scalar.value, '\0', token->data.scalar.length))
		findings_add(y->findings, y->file, line, _("a value holds a NUL byte; remove it"));
}

/*
 * How deep we are after this token. Nothing in a lab.yaml needs many levels,
 * and libyaml's time grows with the square of the depth.
 */
static int
depth_after(int depth, yaml_token_type_t type)
{
	switch (type) {
	case YAML_BLOCK_SEQUENCE_START_TOKEN:
	case YAML_BLOCK_MAPPING_START_TOKEN:
	case YAML_FLOW_SEQUENCE_START_TOKEN:
	case YAML_FLOW_MAPPING_START_TOKEN:
		return depth + 1;
	case YAML_BLOCK_END_TOKEN:
	case YAML_FLOW_SEQUENCE_END_TOKEN:
	case YAML_FLOW_MAPPING_END_TOKEN:
		return depth - 1;
	default:
		return depth;
	}
}

/* Documents no longer show where they held an anchor or a tag; tokens do. */
static void
find_forbidden(struct yaml *y, const char *bytes, size_t n)
{
	yaml_parser_t parser;
	yaml_token_t token;
	bool more = true;
	int depth = 0;

	if (!yaml_parser_initialize(&parser)) {
		y->findings->failed = true;
		return;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, n);
	while (more && yaml_parser_scan(&parser, &token)) {
		forbid(y, &token);
		more = token.type != YAML_STREAM_END_TOKEN && token.type != YAML_NO_TOKEN;
		depth = depth_after(depth, token.type);
		if (depth > DEPTH_MAX) {
			findings_add(y->findings, y->file, (int)token.start_mark.line + 1,
			    _("nested deeper than %d levels"), DEPTH_MAX);
			more = false;
		}
		yaml_token_delete(&token);
	}
	y->findings->failed |= parser.error == YAML_MEMORY_ERROR;
	yaml_parser_delete(&parser);
}

static void
report_syntax(struct yaml *y, const yaml_parser_t *parser)
{
	size_t line = parser->problem_mark.line;

	/* libyaml has words for every fault of the text; it has none where memory ran out. */
	if (parser->problem == NULL) {
		y->findings->failed = true;
		return;
	}
	/* What is never closed is best looked for where it was opened. */
	if (parser->context && strstr(parser->problem, "end of stream"))
		line = parser->context_mark.line;
	findings_add(y->findings, y->file, (int)line + 1,
	    _("this is not YAML (%s); look at this line and the one before it"), parser->problem);
}

/* One file holds one document. */
static void
refuse_second_document(struct yaml *y, yaml_parser_t *parser)
{
	yaml_document_t second;

	if (!yaml_parser_load(parser, &second)) {
		report_syntax(y, parser);
		return;
	}
	if (yaml_document_get_root_node(&second))
		findings_add(y->findings, y->file, (int)second.start_mark.line + 1,
		    _("a second document begins here; a file describes one lab"));
	yaml_document_delete(&second);
}

static void
parse(struct yaml *y, const char *bytes, size_t n)
{
	yaml_parser_t parser;

	if (!yaml_parser_initialize(&parser)) {
		y->findings->failed = true;
		return;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, n);
	y->loaded = yaml_parser_load(&parser, &y->document) != 0;
	if (!y->loaded)
		report_syntax(y, &parser);
	else if (yaml_document_get_root_node(&y->document) == NULL)
		findings_add(y->findings, y->file, 0,
		    _("the file is empty; gabel-lab(5) describes what belongs into it"));
	else
		refuse_second_document(y, &parser);
	yaml_parser_delete(&parser);
}

int
yaml_open(struct yaml *y, const char *file, const char *bytes, size_t n, struct findings *findings)
{
	*y = (struct yaml){.file = file, .findings = findings};
	find_bad_bytes(y, bytes, n);
	if (findings->n == 0)
		find_forbidden(y, bytes, n);
	if (findings->n == 0 && !findings->failed)
		parse(y, bytes, n);
	return findings->n == 0 && !findings->failed && y->loaded ? 1 : 0;
}

void
yaml_close(struct yaml *y)
{
	if (y->loaded)
		yaml_document_delete(&y->document);
	y->loaded = false;
}

static yaml_node_t *
node_at(struct yaml *y, int node)
{
	return node > 0 ? yaml_document_get_node(&y->document, node) : NULL;
}

int
yaml_line(struct yaml *y, int node)
{
	yaml_node_t *n = node_at(y, node);

	return n ? (int)n->start_mark.line + 1 : 0;
}

yaml_node_type_t
yaml_type(struct yaml *y, int node)
{
	yaml_node_t *n = node_at(y, node);

	return n ? n->type : YAML_NO_NODE;
}

const char *
yaml_word(struct yaml *y, int node)
{
	yaml_node_t *n = node_at(y, node);

	return n && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

bool
yaml_is_plain(struct yaml *y, int node)
{
	yaml_node_t *n = node_at(y, node);

	return n && n->type == YAML_SCALAR_NODE && n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

size_t
yaml_size(struct yaml *y, int node)
{
	yaml_node_t *n = node_at(y, node);

	if (n && n->type == YAML_SEQUENCE_NODE)
		return (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
	if (n && n->type == YAML_MAPPING_NODE)
		return (size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
	return 0;
}

int
yaml_item(struct yaml *y, int node, size_t i)
{
	return node_at(y, node)->data.sequence.items.start[i];
}

int
yaml_key(struct yaml *y, int node, size_t i)
{
	return node_at(y, node)->data.mapping.pairs.start[i].key;
}

int
yaml_value(struct yaml *y, int node, size_t i)
{
	return node_at(y, node)->data.mapping.pairs.start[i].value;
}

int
yaml_find(struct yaml *y, int node, const char *key)
{
	if (yaml_type(y, node) != YAML_MAPPING_NODE)
		return 0;
	for (size_t i = 0; i < yaml_size(y, node); i++) {
		const char *word = yaml_word(y, yaml_key(y, node, i));

		if (word && strcmp(word, key) == 0)
			return yaml_value(y, node, i);
	}
	return 0;
}
