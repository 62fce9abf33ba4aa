// config: the script's config block and the environment (BPFTRACE_NAME, MTRACE_NAME) become
// struct config. The environment wins over the block, MTRACE_ over BPFTRACE_. Names are
// case-insensitive in the block. Unknown names in the block are errors; unknown variables in
// the environment are not ours to judge.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/config_value.h"
#include "sema/sema.h"

enum option_kind {
	OPTION_NUMBER,
	OPTION_BOOL,
	OPTION_TEXT,
	OPTION_LICENSE,
	OPTION_MISSING_PROBES,
	OPTION_STACK_MODE,
	OPTION_USER_SYMBOLS,
	OPTION_UNSTABLE,
	OPTION_ENV_ONLY, // means nothing in a script
	OPTION_RETIRED,	 // accepted with a warning
};

struct config_option {
	const char *name;
	enum option_kind kind;
	size_t offset; // in struct config
};

#define FIELD(field, kind)                                                                         \
	{                                                                                          \
#field, kind, offsetof(struct config, field)                                       \
	}
static const struct config_option options[] = {
    FIELD(max_map_keys, OPTION_NUMBER),
    FIELD(max_strlen, OPTION_NUMBER),
    FIELD(max_cat_bytes, OPTION_NUMBER),
    FIELD(max_probes, OPTION_NUMBER),
    FIELD(max_bpf_progs, OPTION_NUMBER),
    FIELD(log_size, OPTION_NUMBER),
    FIELD(perf_rb_pages, OPTION_NUMBER),
    FIELD(output_delay_ms, OPTION_NUMBER),
    FIELD(on_stack_limit, OPTION_NUMBER),
    FIELD(missing_probes, OPTION_MISSING_PROBES),
    FIELD(stack_mode, OPTION_STACK_MODE),
    FIELD(cache_user_symbols, OPTION_USER_SYMBOLS),
    FIELD(cpp_demangle, OPTION_BOOL),
    FIELD(lazy_symbolication, OPTION_BOOL),
    FIELD(use_blazesym, OPTION_BOOL),
    FIELD(show_debug_info, OPTION_BOOL),
    FIELD(print_maps_on_exit, OPTION_BOOL),
    FIELD(str_trunc_trailer, OPTION_TEXT),
    FIELD(license, OPTION_LICENSE),
    FIELD(unstable_tseries, OPTION_UNSTABLE),
    FIELD(unstable_dw_ustack, OPTION_UNSTABLE),
    FIELD(unstable_typeinfo, OPTION_UNSTABLE),
    {"unstable_import_statement", OPTION_UNSTABLE, offsetof(struct config, unstable_import)},
    FIELD(unstable_addr, OPTION_UNSTABLE),
    {"btf", OPTION_ENV_ONLY, 0},
    {"kernel_source", OPTION_ENV_ONLY, 0},
    {"kernel_build", OPTION_ENV_ONLY, 0},
    {"vmlinux", OPTION_ENV_ONLY, 0},
    {"color", OPTION_ENV_ONLY, 0},
    {"symbol_source", OPTION_RETIRED, 0},
    {"unstable_import", OPTION_RETIRED, 0},
    {"unstable_map_decl", OPTION_RETIRED, 0},
    {"unstable_macro", OPTION_RETIRED, 0},
    {"max_type_res_iterations", OPTION_RETIRED, 0},
};

// A closed set of words, each standing for one value of an enum.
struct word {
	const char *text;
	int value;
};

static const struct word missing_words[] = {
    {"error", MISSING_ERROR}, {"warn", MISSING_WARN}, {"ignore", MISSING_IGNORE}};
static const struct word stack_words[] = {{"bpftrace", STACK_MODE_BPFTRACE},
					  {"perf", STACK_MODE_PERF},
					  {"raw", STACK_MODE_RAW},
					  {"build_id", STACK_MODE_BUILD_ID}};
static const struct word symbol_words[] = {{"PER_PROGRAM", USER_SYMBOLS_PER_PROGRAM},
					   {"PER_PID", USER_SYMBOLS_PER_PID},
					   {"NONE", USER_SYMBOLS_NONE},
					   {"1", USER_SYMBOLS_PER_PROGRAM},
					   {"true", USER_SYMBOLS_PER_PROGRAM},
					   {"0", USER_SYMBOLS_PER_PID},
					   {"false", USER_SYMBOLS_PER_PID}};
#define YES_WORDS(value) {"1", value}, {"true", value}, {"yes", value}, {"on", value}
#define NO_WORDS(value) {"0", value}, {"false", value}, {"no", value}, {"off", value}
static const struct word unstable_words[] = {{"enable", UNSTABLE_ENABLE},
					     {"warn", UNSTABLE_WARN},
					     {"error", UNSTABLE_ERROR},
					     YES_WORDS(UNSTABLE_ENABLE),
					     NO_WORDS(UNSTABLE_ERROR)};
static const struct word bool_words[] = {YES_WORDS(1), NO_WORDS(0)};

static const struct {
	const char *reason; // when no word fits
	const struct word *words;
	size_t count;
} word_sets[] = {
#define SET(kind, words, reason) [kind] = {reason, words, ARRAY_SIZE(words)}
    SET(OPTION_BOOL, bool_words, "Invalid bool value: valid values are true, false, 1 or 0."),
    SET(OPTION_MISSING_PROBES, missing_words,
	"Invalid value for missing_probes: valid values are ignore, warn, and error."),
    SET(OPTION_STACK_MODE, stack_words,
	"Invalid value for stack_mode: valid values are bpftrace, raw, perf, and build_id."),
    SET(OPTION_USER_SYMBOLS, symbol_words,
	"Invalid value for cache_user_symbols: valid values are PER_PID, PER_PROGRAM, and "
	"NONE."),
    SET(OPTION_UNSTABLE, unstable_words,
	"Invalid value: valid values are enable, warn, and error."),
#undef SET
};

static const char *const licenses[] = {
    "Dual MIT/GPL", "Dual BSD/GPL", "Dual MPL/GPL", "GPL and additional rights", "GPL v2", "GPL"};

static const struct config_option *option_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strcasecmp(options[i].name, name) == 0)
			return &options[i];
	return NULL;
}

static const char *set_word(struct config *cfg, const struct config_option *o, const char *value)
{
	char *field = (char *)cfg + o->offset;

	for (size_t i = 0; i < word_sets[o->kind].count; i++) {
		const struct word *w = &word_sets[o->kind].words[i];

		if ((o->kind == OPTION_STACK_MODE ? strcmp : strcasecmp)(w->text, value) != 0)
			continue;
		if (o->kind == OPTION_BOOL)
			*(bool *)field = w->value;
		else
			*(int *)field = w->value;
		if (o->kind == OPTION_USER_SYMBOLS)
			cfg->cache_user_symbols_set = true;
		return NULL;
	}
	return word_sets[o->kind].reason;
}

static const char *set_license(struct arena *a, struct config *cfg, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(licenses); i++)
		if (strcmp(licenses[i], value) == 0) {
			cfg->license = licenses[i];
			return NULL;
		}
	return arena_printf(
	    a,
	    "Invalid value for license. Found: %s. Valid values: Dual MIT/GPL, Dual "
	    "BSD/GPL, Dual MPL/GPL, GPL and additional rights, GPL v2, GPL.",
	    value);
}

// NULL, or why the value does not fit.
static const char *option_set(struct arena *a, struct config *cfg, const struct config_option *o,
			      const char *value)
{
	char *field = (char *)cfg + o->offset;
	uint64_t number;

	switch (o->kind) {
	case OPTION_NUMBER:
		if (!str_to_u64(value, &number))
			return arena_printf(a, "expecting a number, got %s", value);
		*(uint64_t *)field = number;
		return NULL;
	case OPTION_TEXT:
		*(const char **)field = arena_strdup(a, value);
		return NULL;
	case OPTION_LICENSE:
		return set_license(a, cfg, value);
	case OPTION_ENV_ONLY:
	case OPTION_RETIRED:
		return NULL;
	default:
		return set_word(cfg, o, value);
	}
}

static const char *item_text(struct arena *a, const struct config_item *item, enum option_kind kind)
{
	const struct expr *v = item->value;

	switch (v->kind) {
	case EXPR_INT:
		if (kind == OPTION_BOOL)
			return v->u.integer.value ? "1" : "0";
		return arena_printf(a, "%llu", (unsigned long long)v->u.integer.value);
	case EXPR_STRING:
		return v->u.string.data;
	case EXPR_BOOL:
		if (kind == OPTION_NUMBER)
			return v->u.boolean ? "1" : "0";
		return v->u.boolean ? "true" : "false";
	default:
		return v->u.ident.name;
	}
}

static void report_unknown(struct diag *d, const struct config_item *item)
{
	struct nearest n;

	diag_error(d, item->span, "unknown-config", "%s: not a known configuration option",
		   item->name);
	nearest_init(&n, item->name);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		nearest_offer(&n, options[i].name);
	if (nearest_get(&n))
		diag_hint(d, "did you mean '%s'?", nearest_get(&n));
}

// The names of 0.27 also go by their environment spelling: BPFTRACE_MAX_STRLEN.
static const char *strip_prefix(const char *name)
{
	if (strncasecmp(name, "bpftrace_", 9) == 0)
		return name + 9;
	if (strncasecmp(name, "mtrace_", 7) == 0)
		return name + 7;
	return name;
}

static void apply_item(struct compiler *c, const struct config_item *item)
{
	const struct config_option *o = option_find(strip_prefix(item->name));
	const char *why;

	if (!o) {
		report_unknown(&c->diag, item);
		return;
	}
	if (o->kind == OPTION_ENV_ONLY) {
		diag_error(&c->diag, item->span, "bad-config",
			   "%s: can only be set as an environment variable", item->name);
		return;
	}
	if (o->kind == OPTION_RETIRED) {
		diag_warn(&c->diag, item->span, "retired-config",
			  "%s is deprecated and has no effect", item->name);
		return;
	}
	why = option_set(&c->arena, &c->program.config, o, item_text(&c->arena, item, o->kind));
	if (why)
		diag_error(&c->diag, item->span, "bad-config", "%s: %s", item->name, why);
}

static void apply_environment(struct compiler *c, const char *prefix)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		char *name = arena_printf(&c->arena, "%s%s", prefix, options[i].name);
		const char *value, *why;

		for (char *p = name; *p; p++)
			*p = (char)toupper((unsigned char)*p);
		value = getenv(name);
		if (!value)
			continue;
		why = option_set(&c->arena, &c->program.config, &options[i], value);
		if (why)
			diag_error(&c->diag, SPAN_NOWHERE, "bad-config", "%s: %s", name, why);
	}
}

#define OUTPUT_DELAY_MAX 10000 // ms

// Where the script sets the option last.
static struct span item_place(const struct compiler *c, const char *name)
{
	for (size_t i = c->ast.config.len; i-- > 0;)
		if (strcasecmp(strip_prefix(c->ast.config.data[i].name), name) == 0)
			return c->ast.config.data[i].span;
	return SPAN_NOWHERE;
}

// A string's length with its NUL must fit what the kernel helpers and our records take.
static void check_limits(struct compiler *c)
{
	struct config *cfg = &c->program.config;

	if (cfg->max_strlen > 1u << 20) {
		diag_error(&c->diag, item_place(c, "max_strlen"), "bad-config",
			   "max_strlen: %llu exceeds the maximum of 1048576",
			   (unsigned long long)cfg->max_strlen);
		cfg->max_strlen = 1u << 20;
	}
	if (cfg->max_strlen == 0)
		cfg->max_strlen = 1;
	if (cfg->output_delay_ms > OUTPUT_DELAY_MAX)
		cfg->output_delay_ms = OUTPUT_DELAY_MAX;
	if (cfg->max_map_keys == 0)
		cfg->max_map_keys = 1;
	if (cfg->max_map_keys > UINT32_MAX)
		cfg->max_map_keys = UINT32_MAX;
}

bool sema_config(struct compiler *c)
{
	size_t before = c->diag.error_count;

	for (size_t i = 0; i < c->ast.config.len; i++)
		apply_item(c, &c->ast.config.data[i]);
	apply_environment(c, "BPFTRACE_");
	apply_environment(c, "MTRACE_");
	check_limits(c);
	return c->diag.error_count == before;
}

// ---- the builtin `config` --------------------------------------------------------------------

// In the order in which bpftrace prints them.
static const char *const readable[] = {
    "cpp_demangle",	"lazy_symbolication", "print_maps_on_exit",
    "use_blazesym",	"show_debug_info",    "log_size",
    "max_bpf_progs",	"max_cat_bytes",      "max_map_keys",
    "max_probes",	"max_strlen",	      "on_stack_limit",
    "perf_rb_pages",	"str_trunc_trailer",  "unstable_import_statement",
    "unstable_tseries", "unstable_typeinfo",  "unstable_dw_ustack",
    "missing_probes",	"stack_mode",	      "license"};

const char *config_name(size_t i)
{
	return i < ARRAY_SIZE(readable) ? readable[i] : NULL;
}

static const char *word_text(enum option_kind kind, int value)
{
	for (size_t i = 0; i < word_sets[kind].count; i++)
		if (word_sets[kind].words[i].value == value)
			return word_sets[kind].words[i].text;
	return "";
}

static void set_text(struct expr *e, const char *text)
{
	e->kind = EXPR_STRING;
	e->u.string.data = text;
	e->u.string.len = strlen(text);
}

bool config_literal(const struct config *cfg, const char *name, struct expr *e)
{
	const struct config_option *o = option_find(name);
	const char *field = o ? (const char *)cfg + o->offset : NULL;
	struct expr out = {.span = e->span};

	if (!o || o->kind == OPTION_ENV_ONLY || o->kind == OPTION_RETIRED)
		return false;
	if (o->kind == OPTION_NUMBER) {
		out.kind = EXPR_INT;
		out.u.integer.value = *(const uint64_t *)field;
		if (!out.u.integer.value && !strncmp(name, "max_", 4))
			out.u.integer.value = 1024; // no cap here: what scripts know
	} else if (o->kind == OPTION_BOOL) {
		out.kind = EXPR_BOOL;
		out.u.boolean = *(const bool *)field;
	} else if (o->kind == OPTION_TEXT || o->kind == OPTION_LICENSE) {
		set_text(&out, *(const char *const *)field);
	} else {
		set_text(&out, word_text(o->kind, *(const int *)field));
	}
	*e = out;
	return true;
}
