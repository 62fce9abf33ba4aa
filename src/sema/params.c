// params: what the command line gives to the script. Positional parameters ($1) and getopt() of
// named ones (`-- --name=value`) become literals. Refuses named parameters that no getopt() of the
// script asks for; `-- --help` lists those that there are.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "parser/parser.h"
#include "sema/check.h"

// ---- positional parameters -----------------------------------------------------------

// Numbers as a script writes them, and a sign.
static bool parse_number(const char *text, __int128 *out)
{
	uint64_t value;
	bool negative;

	text += strspn(text, " \t");
	negative = *text == '-';
	if (!literal_number(text + (negative || *text == '+'), &value))
		return false;
	*out = negative ? -(__int128)value : (__int128)value;
	return *out >= INT64_MIN;
}

void resolve_positional(struct checker *k, struct expr *e, bool as_string)
{
	const struct compile_options *o = k->c->options;
	unsigned i = e->u.positional.index;
	const char *text = i && i <= o->param_count ? o->params[i - 1] : NULL;
	__int128 value = 0;

	if (e->u.positional.is_count) {
		if (as_string) {
			text = arena_printf(k->arena, "%zu", o->param_count);
			expr_set_string(k, e, text, strlen(text));
		} else {
			expr_set_int(e, (__int128)o->param_count);
		}
		return;
	}
	if (!as_string && (!text || !*text))
		check_warn(k, e->span, "no-parameter",
			   "Positional parameter $%u is empty or not provided.", i);
	if (as_string)
		expr_set_string(k, e, text ? text : "", text ? strlen(text) : 0);
	else if (!text || !*text || parse_number(text, &value))
		expr_set_int(e, value);
	else
		expr_set_string(k, e, text, strlen(text));
}

// The text of str(): a parameter, `$1 + 2`: what follows its first two characters.
bool resolve_text(struct checker *k, struct expr *e)
{
	struct expr *param, *offset;
	uint64_t skip;

	if (e->kind == EXPR_POSITIONAL) {
		resolve_positional(k, e, true);
		return true;
	}
	if (e->kind != EXPR_BINARY || e->u.binary.op != BIN_ADD ||
	    e->u.binary.left->kind != EXPR_POSITIONAL)
		return false;
	param = e->u.binary.left;
	resolve_expr(k, &e->u.binary.right);
	offset = e->u.binary.right;
	if (offset->kind != EXPR_INT || offset->u.integer.is_negative)
		return false;
	resolve_positional(k, param, true);
	skip = offset->u.integer.value;
	if (skip > param->u.string.len)
		skip = param->u.string.len;
	expr_set_string(k, e, param->u.string.data + skip, param->u.string.len - (size_t)skip);
	return true;
}

// ---- getopt --------------------------------------------------------------------------

// What the command line says of --name.
struct named_value {
	bool given;
	const char *text; // of --name=text; NULL: a bare --name
};

static const struct span nowhere = {UINT32_MAX, UINT32_MAX}; // in no script

// Where `word` ("name" or "name=text") says `name`: the byte behind it; else NULL.
static const char *after_name(const char *word, const char *name)
{
	size_t n = strlen(name);

	return strncmp(word, name, n) == 0 && (word[n] == '=' || !word[n]) ? word + n : NULL;
}

static struct named_value named_value(const struct compile_options *o, const char *name)
{
	for (size_t i = 0; i < o->named_count; i++) {
		const char *rest = after_name(o->named[i], name);

		if (rest)
			return (struct named_value){true, *rest ? rest + 1 : NULL};
	}
	return (struct named_value){0};
}

static void bad_value(struct checker *k, const char *name, const char *what,
		      const struct named_value *v)
{
	check_error(k, nowhere, "bad-parameter", "program command line option --%s %s (value: %s)",
		    name, what, v->text ? v->text : "true");
}

// The spellings of truth, in any case: 1 or 0; -1 for what is none.
static int flag_of(const char *text)
{
	static const char *const words[2][4] = {{"false", "0", "no", "off"},
						{"true", "1", "yes", "on"}};

	for (int value = 0; value < 2; value++)
		for (size_t i = 0; i < 4; i++)
			if (strcasecmp(text, words[value][i]) == 0)
				return value;
	return -1;
}

static void set_flag(struct checker *k, struct expr *e, const char *name,
		     const struct named_value *v, bool fallback)
{
	int value = v->text ? flag_of(v->text) : 1;

	if (value < 0)
		bad_value(k, name, "expects a boolean (e.g. 'true')", v);
	expr_set_bool(e, v->given ? value > 0 : fallback);
}

static bool only_digits(const char *text)
{
	text += *text == '-';
	return *text && !text[strspn(text, "0123456789")];
}

static void set_number(struct checker *k, struct expr *e, const char *name,
		       const struct named_value *v, const struct expr *fallback)
{
	__int128 value = expr_int_value(fallback);

	if (v->given && !v->text)
		bad_value(k, name, "expects an integer", v);
	else if (v->given && !parse_number(v->text, &value))
		bad_value(k, name,
			  only_digits(v->text) ? "value is out of range" : "invalid integer", v);
	expr_set_int(e, value);
}

static void set_text(struct checker *k, struct expr *e, const char *name,
		     const struct named_value *v, const struct expr *fallback)
{
	if (v->given && !v->text)
		bad_value(k, name, "expects a string", v);
	if (v->text)
		expr_set_string(k, e, v->text, strlen(v->text));
	else
		expr_set_string(k, e, fallback->u.string.data, fallback->u.string.len);
}

// ---- which ones there are --------------------------------------------------------------

static bool same_default(const struct expr *a, const struct expr *b)
{
	if (!a || !b || a->kind != b->kind)
		return a == b;
	if (a->kind == EXPR_INT)
		return expr_int_value(a) == expr_int_value(b);
	if (a->kind == EXPR_BOOL)
		return a->u.boolean == b->u.boolean;
	return strcmp(a->u.string.data, b->u.string.data) == 0;
}

static const char *default_text(struct checker *k, const struct expr *e)
{
	if (!e)
		return "false";
	if (e->kind == EXPR_BOOL)
		return e->u.boolean ? "true" : "false";
	if (e->kind == EXPR_STRING)
		return e->u.string.data;
	return arena_printf(k->arena, "%lld", (long long)expr_int_value(e));
}

// False, and reported, when an earlier getopt() of that name has another default.
static bool note_option(struct checker *k, const struct expr *e, const char *name,
			const struct expr *fallback)
{
	const struct expr *text = e->u.call.args.len > 2 ? e->u.call.args.data[2] : NULL;
	struct named_option option = {name, fallback, ""};

	if (text && text->kind == EXPR_STRING)
		option.description = text->u.string.data;
	for (size_t i = 0; i < k->named.len; i++) {
		const struct named_option *known = &k->named.data[i];

		if (strcmp(known->name, name) != 0)
			continue;
		if (same_default(known->fallback, fallback))
			return true;
		check_error(k, e->span, "bad-argument",
			    "Command line option '%s' needs to have the same default value in all "
			    "places it is used. Previous default value: %s",
			    name, default_text(k, known->fallback));
		return false;
	}
	arena_push(k->arena, &k->named, option);
	return true;
}

// A copy: the call itself becomes the value.
static const struct expr *kept_default(struct checker *k, const struct expr *fallback)
{
	struct expr *copy = fallback ? arena_new(k->arena, struct expr) : NULL;

	if (copy)
		*copy = *fallback;
	return copy;
}

void resolve_getopt(struct checker *k, struct expr *e)
{
	expr_vec *args = &e->u.call.args;
	const struct expr *fallback = args->len > 1 ? args->data[1] : NULL;
	struct named_value v;
	const char *name;

	if (args->len < 1 || args->len > 3)
		return; // check_call reports it
	if (args->data[0]->kind != EXPR_STRING) {
		check_error(k, args->data[0]->span, "bad-argument",
			    "First argument to 'getopt' must be a string literal.");
		return;
	}
	if (fallback && !expr_is_literal(fallback)) {
		check_error(k, fallback->span, "bad-argument",
			    "Second argument to 'getopt' must be a string literal, integer "
			    "literal, or a boolean literal.");
		return;
	}
	fallback = kept_default(k, fallback);
	name = args->data[0]->u.string.data;
	note_option(k, e, name, fallback);
	v = named_value(k->c->options, name);
	if (!fallback || fallback->kind == EXPR_BOOL)
		set_flag(k, e, name, &v, fallback && fallback->u.boolean);
	else if (fallback->kind == EXPR_INT)
		set_number(k, e, name, &v, fallback);
	else
		set_text(k, e, name, &v, fallback);
}

static bool is_option(const struct checker *k, const char *word)
{
	for (size_t i = 0; i < k->named.len; i++)
		if (after_name(word, k->named.data[i].name))
			return true;
	return false;
}

// The last one first, as bpftrace has them.
static void list_options(struct checker *k, struct buf *out, const char *separator, bool described)
{
	for (size_t i = k->named.len; i-- > 0;) {
		const struct named_option *o = &k->named.data[i];

		buf_printf(out, "--%s", o->name);
		if (described && *o->description)
			buf_printf(out, ": %s", o->description);
		if (i)
			buf_puts(out, separator);
	}
}

static void show_usage(struct checker *k)
{
	_cleanup_(buf_release) struct buf text = {0};

	if (!k->named.len) {
		k->c->usage = "HINT: no custom program options defined.\n";
		return;
	}
	buf_puts(&text, "HINT: expected program options:\n");
	list_options(k, &text, "\n", true);
	k->c->usage = arena_printf(k->arena, "%s\n", buf_str(&text));
}

void check_named_params(struct checker *k)
{
	_cleanup_(buf_release) struct buf unknown = {0}, known = {0};
	const struct compile_options *o = k->c->options;

	for (size_t i = 0; i < o->named_count; i++) {
		const char *word = o->named[i];

		if (is_option(k, word))
			continue;
		if (strcmp(word, "help") == 0) {
			show_usage(k);
			return;
		}
		buf_printf(&unknown, "%s--%.*s", unknown.len ? ", " : "", (int)strcspn(word, "="),
			   word);
	}
	if (!unknown.len)
		return;
	diag_error(&k->c->diag, nowhere, "bad-parameter",
		   "unexpected program command line options: %s", buf_str(&unknown));
	list_options(k, &known, ": ", false);
	if (known.len)
		diag_hint(&k->c->diag, "expected program options: %s", buf_str(&known));
	else
		diag_hint(&k->c->diag, "no custom program options defined.");
}
