// options: argv in, struct options out. Options may stand anywhere before `--`; the first
// word that is none of them is the script's file (unless there is -e), the others are its
// positional parameters. After `--`, words with dashes are named parameters.
//
// Refuses, with one line that says what was wrong: unknown options (with a suggestion),
// missing or malformed values, contradictions, and options that have no use here.
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "options_table.h"
#include "sys/cgroup.h"
#include "sys/features.h"

// ---- words --------------------------------------------------------------------------------

struct words {
	int argc;
	char **argv;
	int next;
	const char **plain; // words that are neither options nor their values
	size_t plain_count;
	bool given[OPT_COUNT];
};

// "--pid", or "-e" where there is no long name.
static const char *option_spelling(enum option_id id, char buf[40])
{
	if (option_infos[id].name)
		snprintf(buf, 40, "--%s", option_infos[id].name);
	else
		snprintf(buf, 40, "-%c", option_infos[id].letter);
	return buf;
}

static int usage_error(const char *self)
{
	log_hint("`%s --help` lists the options", self);
	return STATUS_USAGE;
}

// ---- values -------------------------------------------------------------------------------

bool duration_parse(const char *text, uint64_t *ns)
{
	uint64_t whole = 0, unit, fraction = 0, scale = 1;
	const char *s = text;

	for (; *s >= '0' && *s <= '9'; s++) {
		if (__builtin_mul_overflow(whole, 10u, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*s - '0'), &whole))
			return false;
	}
	if (s == text)
		return false;
	if (*s == '.') {
		for (s++; *s >= '0' && *s <= '9' && scale < 1000000; s++) {
			fraction = fraction * 10 + (uint64_t)(*s - '0');
			scale *= 10;
		}
		if (scale == 1)
			return false;
	}
	unit = str_time_unit(*s ? s : "s");
	if (!unit || __builtin_mul_overflow(whole, unit, &whole))
		return false;
	return !__builtin_add_overflow(whole, unit / scale * fraction, ns);
}

static bool bad_value(enum option_id id, const char *value, const char *wanted)
{
	char name[40];

	log_error("%s: '%s' is not %s", option_spelling(id, name), value, wanted);
	return false;
}

static bool parse_number(enum option_id id, const char *value, uint64_t min, uint64_t max,
			 const char *wanted, uint64_t *out)
{
	if (value[0] < '0' || value[0] > '9' || !str_to_u64(value, out) || *out < min || *out > max)
		return bad_value(id, value, wanted);
	return true;
}

struct choice {
	const char *name;
	int value;
};

// `wanted` is NULL where the caller has words of its own.
static bool parse_choice(enum option_id id, const char *value, const struct choice *choices,
			 size_t n, const char *wanted, int *out)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(choices[i].name, value) == 0) {
			*out = choices[i].value;
			return true;
		}
	}
	return wanted && bad_value(id, value, wanted);
}

static bool parse_format(struct options *o, const char *value)
{
	static const struct choice choices[] = {{"text", FORMAT_TEXT}, {"json", FORMAT_JSON}};
	int v;

	if (!parse_choice(OPT_FORMAT, value, choices, ARRAY_SIZE(choices), NULL, &v)) {
		log_error("Invalid output format \"%s\"", value);
		log_hint("Valid formats: 'text', 'json'");
		return false;
	}
	o->format = v;
	return true;
}

static bool parse_buffering(struct options *o, const char *value)
{
	static const struct choice choices[] = {
	    {"line", BUFFERING_LINE}, {"full", BUFFERING_FULL}, {"none", BUFFERING_NONE}};
	int v;

	if (!parse_choice(OPT_BUFFERING, value, choices, ARRAY_SIZE(choices), NULL, &v)) {
		log_error("USAGE: -B must be either 'line', 'full', or 'none'.");
		return false;
	}
	o->buffering = v;
	return true;
}

// The second names are bpftrace's.
static bool parse_stage(struct options *o, const char *value)
{
	static const struct choice choices[] = {
	    {"ast", DUMP_AST},	 {"typed", DUMP_TYPED},	  {"types", DUMP_TYPED},
	    {"plan", DUMP_PLAN}, {"ir", DUMP_IR},	  {"codegen", DUMP_IR},
	    {"asm", DUMP_ASM},	 {"ir-opt", DUMP_IR_OPT}, {"codegen-opt", DUMP_IR_OPT},
	    {"dis", DUMP_ASM},	 {"parse", DUMP_AST},	  {"all", DUMP_ALL}};
	int v;

	if (!parse_choice(OPT_DUMP, value, choices, ARRAY_SIZE(choices),
			  "one of ast, typed, plan, ir, ir-opt, asm, all, timing, libbpf, verifier",
			  &v))
		return false;
	o->dump = v;
	return true;
}

static void suggest_feature(const char *name)
{
	struct nearest near;

	nearest_init(&near, name);
	for (int i = 0; i < FEATURE_COUNT; i++)
		nearest_offer(&near, feature_name(i));
	if (nearest_get(&near))
		log_hint("did you mean '%s'?", nearest_get(&near));
}

static bool parse_features(struct options *o, const char *value)
{
	_cleanup_free_ char *copy = strdup(value);
	char *save = NULL;

	for (char *name = strtok_r(copy, ",", &save); name; name = strtok_r(NULL, ",", &save)) {
		enum feature f;

		if (!feature_by_name(name, &f)) {
			bad_value(OPT_NO_FEATURE, name, "a feature that mtrace knows");
			suggest_feature(name);
			return false;
		}
		o->disabled_features |= 1u << f;
	}
	return true;
}

static bool parse_ready_fd(struct options *o, const char *value)
{
	uint64_t fd;

	if (!parse_number(OPT_READY_FD, value, 0, INT32_MAX, "a file descriptor", &fd))
		return false;
	if (fcntl((int)fd, F_GETFD) < 0)
		return bad_value(OPT_READY_FD, value, "an open file descriptor");
	o->ready_fd = (int)fd;
	return true;
}

static bool parse_pid(const char *value, int *out)
{
	uint64_t pid;

	if (value[0] < '0' || value[0] > '9' || !str_to_u64(value, &pid)) {
		log_error("Failed to parse pid: invalid %s: %s",
			  value[0] < '0' || value[0] > '9' ? "integer" : "trailing bytes", value);
		return false;
	}
	if (!pid || pid > 1 << 22) {
		log_error("Pid out of range: %s", value);
		return false;
	}
	*out = (int)pid;
	return true;
}

static bool parse_cgroup(struct options *o, const char *value)
{
	o->cgroup_fd = cgroup_open(value);
	if (o->cgroup_fd >= 0)
		return true;
	if (o->cgroup_fd == -EMEDIUMTYPE)
		return bad_value(OPT_CGROUP, value, "a directory of the cgroup2 file system");
	log_error("--cgroup: cannot open '%s': %s", value, strerror(-o->cgroup_fd));
	return false;
}

// ---- options ------------------------------------------------------------------------------

// Modes exclude each other; the last word would otherwise win silently.
static bool set_mode(struct options *o, enum options_mode mode, enum option_id id)
{
	char name[40];

	if (o->mode != MODE_RUN && o->mode != mode) {
		log_error("%s cannot be combined with another mode of running",
			  option_spelling(id, name));
		return false;
	}
	o->mode = mode;
	return true;
}

// What only a dry run shows, or a stage of the compiler.
static bool parse_debug(struct options *o, const char *value, enum option_id id)
{
	bool *looks[] = {&o->timing, &o->libbpf_log, &o->verifier_log};
	static const char *const names[] = {"timing", "libbpf", "verifier"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(value, names[i]) == 0)
			return *looks[i] = set_mode(o, MODE_DRY_RUN, id);
	return set_mode(o, MODE_DUMP, id) && parse_stage(o, value);
}

// bpftrace's other word for them; its modes for its own developers have no meaning here.
static bool parse_mode(struct options *o, const char *value)
{
	static const struct choice choices[] = {{"test", MODE_TEST}, {"bench", MODE_BENCH}};
	int mode;

	return parse_choice(OPT_MODE, value, choices, ARRAY_SIZE(choices), "test or bench",
			    &mode) &&
	       set_mode(o, (enum options_mode)mode, OPT_MODE);
}

static bool apply_mode(struct options *o, enum option_id id, const char *value)
{
	switch (id) {
	case OPT_LIST:
		return set_mode(o, MODE_LIST, id);
	case OPT_CHECK:
		return set_mode(o, MODE_CHECK, id);
	case OPT_FMT:
		return set_mode(o, MODE_FMT, id);
	case OPT_EXPLAIN:
		return set_mode(o, MODE_EXPLAIN, id);
	case OPT_DRY_RUN:
		return set_mode(o, MODE_DRY_RUN, id);
	case OPT_TEST:
		return set_mode(o, MODE_TEST, id);
	case OPT_BENCH:
		return set_mode(o, MODE_BENCH, id);
	case OPT_MODE:
		return parse_mode(o, value);
	case OPT_INFO:
		return set_mode(o, MODE_INFO, id);
	case OPT_DUMP:
		return parse_debug(o, value, id);
	case OPT_EMIT_ELF:
		o->emit_path = value;
		return set_mode(o, MODE_EMIT_ELF, id);
	case OPT_EMIT_LLVM:
		o->emit_path = value;
		return set_mode(o, MODE_EMIT_LLVM, id);
	default:
		bug("option %d is in the table but has no meaning", id);
	}
}

static bool apply_value(struct options *o, enum option_id id, const char *value)
{
	switch (id) {
	case OPT_SCRIPT:
		o->script = value;
		return true;
	case OPT_INCLUDE_DIR:
		o->include_dirs[o->include_dir_count++] = value;
		return true;
	case OPT_INCLUDE:
		o->includes[o->include_count++] = value;
		return true;
	case OPT_PROBE_FILTER:
		o->probe_filter = value;
		return true;
	case OPT_TRACEABLE:
		o->traceable = value;
		return true;
	case OPT_DEBUGINFO:
		o->debug_dirs = value;
		return true;
	case OPT_PID:
		return parse_pid(value, &o->pid);
	case OPT_DWARF_PID:
		return parse_pid(value, &o->dwarf_pids[o->dwarf_pid_count++]);
	case OPT_CGROUP:
		return parse_cgroup(o, value);
	case OPT_COMMAND:
		o->command = value;
		return true;
	case OPT_FOR:
		return (duration_parse(value, &o->for_ns) && o->for_ns > 0) ||
		       bad_value(id, value, "a duration (10, 10s, 500ms, 2m)");
	case OPT_MAX_EVENTS:
		return parse_number(id, value, 1, UINT64_MAX, "a number above 0", &o->max_events);
	case OPT_OUTPUT:
		o->output_path = value;
		return true;
	case OPT_FORMAT:
		return parse_format(o, value);
	case OPT_BUFFERING:
		return parse_buffering(o, value);
	case OPT_READY_FD:
		return parse_ready_fd(o, value);
	case OPT_NO_FEATURE:
		return parse_features(o, value);
	default:
		return apply_mode(o, id, value);
	}
}

// bpftrace once had two levels.
static bool tell_failures(struct options *o)
{
	if (o->tell_failures) {
		log_error("-kk has been deprecated. Use a single -k for runtime warnings for "
			  "errors in map lookups and probe reads.");
		return false;
	}
	return o->tell_failures = true;
}

static bool apply_option(struct options *o, enum option_id id, const char *value)
{
	char name[40];

	if (option_infos[id].refused) { // --aot
		log_error("not supported: %s", option_spelling(id, name));
		log_hint("scripts are compiled in milliseconds where they run; --emit-elf writes "
			 "the BPF object");
		return false;
	}
	switch (id) {
	case OPT_UNSAFE:
		return o->unsafe = true;
	case OPT_QUIET:
		return o->quiet = true;
	case OPT_VERBOSE:
		return o->verbose = true;
	case OPT_WARNINGS:
		return tell_failures(o);
	case OPT_NO_WARNINGS:
		return o->no_warnings = true;
	case OPT_STRICT:
		return o->strict = true;
	case OPT_VERIFY_IR:
	case OPT_USDT_FILE:
	case OPT_HELP:
	case OPT_VERSION:
		return true; // the last two are seen in options_parse
	default:
		return apply_value(o, id, value);
	}
}

// May be given more than once; of any other option the second one is an error, because one
// of the two values would be ignored.
static bool option_repeats(enum option_id id)
{
	return !option_infos[id].value || id == OPT_INCLUDE_DIR || id == OPT_INCLUDE ||
	       id == OPT_NO_FEATURE || id == OPT_LIST || id == OPT_DWARF_PID;
}

static bool take_option(struct options *o, struct words *w, enum option_id id, const char *value)
{
	char name[40];

	if (w->given[id] && !option_repeats(id)) {
		log_error("%s is given twice", option_spelling(id, name));
		return false;
	}
	w->given[id] = true;
	return apply_option(o, id, value);
}

// -l's value is a plain word, taken when all words are known: `-l -v GLOB` is fine.
static bool option_takes_value(enum option_id id)
{
	return option_infos[id].value && option_infos[id].value[0] != '[';
}

static bool need_value(struct words *w, enum option_id id, const char **value)
{
	char name[40];

	if (w->next < w->argc) {
		*value = w->argv[w->next++];
		return true;
	}
	log_error("%s needs a value: %s", option_spelling(id, name), option_infos[id].value);
	return false;
}

static bool unknown_long(const char *word, size_t len)
{
	_cleanup_free_ char *name = strndup(word, len);
	struct nearest near;

	nearest_init(&near, name);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (option_infos[i].name)
			nearest_offer(&near, option_infos[i].name);
	}
	log_error("unknown option --%s", name);
	if (nearest_get(&near))
		log_hint("did you mean --%s?", nearest_get(&near));
	options_print_usage(stderr);
	return false;
}

// word: after the dashes; "name", "name=value".
static bool parse_long(struct options *o, struct words *w, const char *word)
{
	size_t len = strcspn(word, "=");
	const char *value = word[len] ? word + len + 1 : NULL;
	int id = 0;

	while (id < OPT_COUNT && !(option_infos[id].name && strlen(option_infos[id].name) == len &&
				   strncmp(option_infos[id].name, word, len) == 0))
		id++;
	if (id == OPT_COUNT)
		return unknown_long(word, len);
	if (!option_takes_value(id) && value) {
		log_error("--%s has no value", option_infos[id].name);
		return false;
	}
	if (option_takes_value(id) && !value && !need_value(w, id, &value))
		return false;
	return take_option(o, w, id, value);
}

// word: after the dash; flags may share it ("-lv"), a value may follow at once ("-p12").
static bool parse_letters(struct options *o, struct words *w, const char *word)
{
	for (; *word; word++) {
		const char *value = NULL;
		int id = 0;

		while (id < OPT_COUNT && option_infos[id].letter != *word)
			id++;
		if (id == OPT_COUNT) {
			log_error("unknown option -%c", *word);
			log_hint("parameters of the script that begin with a dash go after `--`");
			options_print_usage(stderr);
			return false;
		}
		if (option_takes_value(id)) {
			value = word[1] ? word + 1 : NULL;
			if (!value && !need_value(w, id, &value))
				return false;
		}
		if (!take_option(o, w, id, value))
			return false;
		if (value)
			return true;
	}
	return true;
}

static void parse_named(struct options *o, struct words *w)
{
	for (; w->next < w->argc; w->next++) {
		const char *word = w->argv[w->next];

		if (word[0] == '-' && word[1] == '-' && word[2])
			o->named[o->named_count++] = word + 2;
		else
			w->plain[w->plain_count++] = word;
	}
}

static bool parse_words(struct options *o, struct words *w)
{
	while (w->next < w->argc) {
		const char *word = w->argv[w->next++];
		bool ok = true;

		if (word[0] != '-' || !word[1])
			w->plain[w->plain_count++] = word;
		else if (strcmp(word, "--") == 0)
			parse_named(o, w);
		else if (word[1] == '-')
			ok = parse_long(o, w, word + 2);
		else
			ok = parse_letters(o, w, word + 1);
		if (!ok)
			return false;
		if (w->given[OPT_HELP] || w->given[OPT_VERSION])
			return true;
	}
	return true;
}

// ---- the whole ----------------------------------------------------------------------------

static void place_plain_words(struct options *o, struct words *w)
{
	size_t first = 0;

	if (!o->script && w->plain_count > 0) {
		if (o->mode == MODE_LIST)
			o->list_pattern = w->plain[0];
		else
			o->file = w->plain[0];
		first = 1;
	}
	for (size_t i = first; i < w->plain_count; i++)
		o->params[o->param_count++] = w->plain[i];
}

static bool options_agree(const struct options *o)
{
	const char *problem = NULL;

	if (o->mode != MODE_LIST && o->mode != MODE_INFO && !o->script && !o->file)
		problem = "no script: give a FILE, - for standard input, or -e SCRIPT";
	else if (o->pid && o->command)
		problem = "-p and -c exclude each other";
	else if (o->quiet && o->verbose)
		problem = "-q and -v exclude each other";
	if (problem)
		log_error("%s", problem);
	return !problem;
}

int options_parse(struct options *o, int argc, char **argv)
{
	struct words w = {.argc = argc, .argv = argv, .next = 1};
	int status = -1;

	*o = (struct options){
	    .self = argc > 0 ? argv[0] : "mtrace", .ready_fd = -1, .cgroup_fd = -1};
	o->params = calloc((size_t)argc + 1, sizeof(*o->params));
	o->named = calloc((size_t)argc + 1, sizeof(*o->named));
	o->include_dirs = calloc((size_t)argc + 1, sizeof(*o->include_dirs));
	o->includes = calloc((size_t)argc + 1, sizeof(*o->includes));
	o->dwarf_pids = calloc((size_t)argc + 1, sizeof(*o->dwarf_pids));
	w.plain = calloc((size_t)argc + 1, sizeof(*w.plain));
	if (!o->params || !o->named || !o->include_dirs || !o->includes || !o->dwarf_pids ||
	    !w.plain) {
		log_error("out of memory");
		status = STATUS_USAGE;
	} else if (!parse_words(o, &w)) {
		status = usage_error(o->self);
	} else if (w.given[OPT_HELP]) {
		options_print_help(stdout);
		status = STATUS_DONE;
	} else if (w.given[OPT_VERSION]) {
		printf("mtrace " MTRACE_VERSION "\n");
		status = STATUS_DONE;
	} else {
		place_plain_words(o, &w);
		if (!options_agree(o))
			status = usage_error(o->self);
	}
	free(w.plain);
	return status;
}

void options_release(struct options *o)
{
	free(o->params);
	free(o->named);
	free(o->includes);
	free(o->dwarf_pids);
	free(o->include_dirs);
	if (o->cgroup_fd >= 0)
		close(o->cgroup_fd);
	*o = (struct options){.ready_fd = -1, .cgroup_fd = -1};
}
