// lookahead: an offset into the text comes in, what stands there leaves. Answers from the
// text alone, without tokens, so that the lexer can ask before it has to decide. Refuses
// to read further than LOOKAHEAD_LIMIT where a wrong answer would only be a worse message.
#include "parser/private.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "grammar.h"

int char_at(const struct source *src, size_t pos)
{
	return pos < src->len ? (unsigned char)src->text[pos] : -1;
}

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name_start(int c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(int c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

bool starts_name(const struct source *src, size_t pos)
{
	return is_name_start(char_at(src, pos));
}

size_t skip_name(const struct source *src, size_t pos)
{
	while (is_name(char_at(src, pos)))
		pos++;
	return pos;
}

// Behind the comment that opens at pos.
static size_t skip_comment(const struct source *src, size_t pos, size_t limit)
{
	bool line = char_at(src, pos + 1) == '/';

	for (pos += 2; pos < limit; pos++) {
		if (line && char_at(src, pos) == '\n')
			return pos;
		if (!line && char_at(src, pos) == '*' && char_at(src, pos + 1) == '/')
			return pos + 2;
	}
	return pos;
}

static size_t skip_layout_until(const struct source *src, size_t pos, size_t limit)
{
	while (pos < limit) {
		int c = char_at(src, pos), next = char_at(src, pos + 1);

		if (is_blank(c))
			pos++;
		else if (c == '/' && (next == '/' || next == '*'))
			pos = skip_comment(src, pos, limit);
		else
			break;
	}
	return pos;
}

static size_t limit_from(const struct source *src, size_t pos)
{
	if (pos > src->len)
		pos = src->len;
	return src->len - pos > LOOKAHEAD_LIMIT ? pos + LOOKAHEAD_LIMIT : src->len;
}

// Without a limit: what stands between two tokens is read a few times at most.
size_t skip_layout(const struct source *src, size_t pos)
{
	return skip_layout_until(src, pos, src->len);
}

static bool text_is(const struct source *src, size_t begin, size_t end, const char *word)
{
	return end - begin == strlen(word) && memcmp(src->text + begin, word, end - begin) == 0;
}

static bool text_is_one_of(const struct source *src, size_t begin, size_t end,
			   const char *const *words)
{
	for (; *words; words++) {
		if (text_is(src, begin, end, *words))
			return true;
	}
	return false;
}

// ---- types ---------------------------------------------------------------------------------

static const char *const tagged[] = {"struct", "union", "enum", NULL};

// Names that nobody gives to a type, but that are values in every script: `(pid) - 1`.
static bool is_value_name(const struct source *src, size_t begin, size_t end)
{
	static const char *const values[] = {
	    "args",	"ctx",	 "kstack",  "nsecs",	 "pid",	   "tid",
	    "ustack",	"uid",	 "gid",	    "cpu",	 "comm",   "retval",
	    "func",	"probe", "elapsed", "rand",	 "cgroup", "curtask",
	    "username", "ncpus", "jiffies", "cpid",	 "ppid",   "probetype",
	    "usermode", "true",	 "false",   "is_return", NULL};
	static const char builtin[] = "__builtin_";
	size_t digits = begin + 3;

	if (text_is_one_of(src, begin, end, values))
		return true;
	if (end - begin > sizeof(builtin) - 1 &&
	    memcmp(src->text + begin, builtin, sizeof(builtin) - 1) == 0)
		return true;
	if (end - begin < 4 || memcmp(src->text + begin, "arg", 3) != 0)
		return false;
	while (digits < end && isdigit(char_at(src, digits)))
		digits++;
	return digits == end;
}

static bool is_type_name(const struct source *src, size_t begin, size_t end)
{
	static const char *const types[] = {
	    "void",	  "bool",    "int8",	  "int16",     "int32",	    "int64",
	    "uint8",	  "uint16",  "uint32",	  "uint64",    "string",    "buffer",
	    "inet",	  "count_t", "sum_t",	  "min_t",     "max_t",	    "avg_t",
	    "stats_t",	  "usum_t",  "umin_t",	  "umax_t",    "uavg_t",    "ustats_t",
	    "hist_t",	  "lhist_t", "tseries_t", "timestamp", "macaddr_t", "cgroup_path_t",
	    "strerror_t", "ksym_t",  "usym_t",	  "kstack_t",  "ustack_t",  "username",
	    NULL};

	return text_is_one_of(src, begin, end, types);
}

// Behind a balanced bracket that opens at pos; limit if it does not close.
static size_t skip_balanced(const struct source *src, size_t pos, int open, int close, size_t limit)
{
	int depth = 0;

	for (; pos < limit; pos++) {
		int c = char_at(src, pos);

		if (c == open)
			depth++;
		else if (c == close && --depth == 0)
			return pos + 1;
		else if (c == ';' || c == '{' || c == '}')
			break; // never inside a type
	}
	return limit;
}

struct type_text {
	bool found, sure;  // sure: can't be an expression
	size_t begin, end; // of the name
	size_t pos;	   // behind it all and the layout after it
};

// name, struct name or typeof(...), then any number of `*` and `[...]`.
static struct type_text scan_type(const struct source *src, size_t pos, size_t limit)
{
	struct type_text t = {.begin = skip_layout_until(src, pos, limit)};

	if (!starts_name(src, t.begin))
		return t;
	t.end = skip_name(src, t.begin);
	pos = skip_layout_until(src, t.end, limit);
	if (text_is(src, t.begin, t.end, "typeof")) {
		t.sure = true;
		pos = skip_balanced(src, pos, '(', ')', limit);
	} else if (text_is_one_of(src, t.begin, t.end, tagged)) {
		t.sure = true;
		if (!starts_name(src, pos))
			return t;
		pos = skip_name(src, pos);
	} else {
		t.sure = is_type_name(src, t.begin, t.end);
	}
	for (pos = skip_layout_until(src, pos, limit); pos < limit;
	     pos = skip_layout_until(src, pos, limit)) {
		if (char_at(src, pos) == '*')
			pos++;
		else if (char_at(src, pos) == '[')
			pos = skip_balanced(src, pos, '[', ']', limit);
		else
			break;
		t.sure = true;
	}
	t.found = pos < limit;
	t.pos = pos;
	return t;
}

bool looks_like_type(const struct source *src, size_t pos)
{
	struct type_text t = scan_type(src, pos, limit_from(src, pos));
	int c = char_at(src, t.pos);

	return t.found && t.sure && (c == ')' || c == ',') && !is_value_name(src, t.begin, t.end);
}

bool looks_like_cast(const struct source *src, size_t pos)
{
	size_t limit = limit_from(src, pos);
	struct type_text t = scan_type(src, pos, limit);
	int c;

	if (!t.found || char_at(src, t.pos) != ')' || is_value_name(src, t.begin, t.end))
		return false;
	c = char_at(src, skip_layout_until(src, t.pos + 1, limit));
	return c > 0 && (is_name(c) || strchr("$@\"(-!~*&", c));
}

// ---- the top level ---------------------------------------------------------------------------

bool provider_takes_path(const char *text, size_t len)
{
	static const char *const names[] = {"uprobe", "u", "uretprobe", "ur",
					    "usdt",   "U", "session"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && strncasecmp(names[i], text, len) == 0)
			return true;
	}
	return false;
}

bool provider_is_session(const char *text, size_t len)
{
	return len == 7 && strncasecmp(text, "session", 7) == 0;
}

static size_t skip_quoted(const struct source *src, size_t pos)
{
	for (pos++; pos < src->len && src->text[pos] != '"'; pos++) {
		if (src->text[pos] == '\\')
			pos++;
		if (pos < src->len && src->text[pos] == '\n')
			return pos;
	}
	return pos < src->len ? pos + 1 : src->len;
}

// A signature filter, `(struct sk_buff *, *)`; it ends at its ')' or with the line.
static size_t skip_signature(const struct source *src, size_t pos)
{
	int depth = 0;

	for (; pos < src->len; pos++) {
		int c = src->text[pos];

		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return pos + 1;
		else if (c == '\n' || c == '{' || c == ';')
			break;
	}
	return pos;
}

// An attach point ends at a blank, a comma or a brace. A slash opens the predicate unless
// it can belong to a path: behind the colon of a provider that takes one.
static size_t scan_attach_point(const struct source *src, size_t begin)
{
	size_t pos = begin, provider = begin;
	bool path = false, colon = false;

	while (pos < src->len) {
		int c = (unsigned char)src->text[pos];

		if (is_blank(c) || c == ',' || c == '{' || c == '}' || c == ';')
			break;
		if (c == '/' && pos > begin && src->text[pos - 1] == ':')
			path = true; // such as the pin of an iterator
		if ((c == '/' || c == '<') && !path)
			break;
		if (c == '"') {
			pos = skip_quoted(src, pos);
			continue;
		}
		if (c == '(' && colon) {
			pos = skip_signature(src, pos);
			continue;
		}
		if ((c == '=' || c == '!') && !colon)
			provider = pos + 1;
		if (c == ':' && !colon) {
			colon = true;
			path = provider_takes_path(src->text + provider, pos - provider);
		}
		pos++;
	}
	return pos > begin ? pos - begin : 1;
}

// A line of the preprocessor, with its continuations.
static size_t scan_directive(const struct source *src, size_t begin)
{
	size_t pos = begin;

	for (; pos < src->len && src->text[pos] != '\n'; pos++) {
		if (src->text[pos] == '\\' && char_at(src, pos + 1) == '\r')
			pos++;
		if (src->text[pos] == '\\' ||
		    (src->text[pos] == '\r' && src->text[pos - 1] == '\\'))
			pos += char_at(src, pos + 1) == '\n';
	}
	return pos - begin;
}

// Behind one lexical element of C that may hide brackets.
static size_t skip_c_element(const struct source *src, size_t pos)
{
	int c = char_at(src, pos), next = char_at(src, pos + 1);

	if (c == '"')
		return skip_quoted(src, pos);
	if (c == '/' && (next == '/' || next == '*'))
		return skip_comment(src, pos, src->len);
	return pos + 1;
}

// Behind the braces that open at pos; 0 if they don't close.
static size_t scan_c_braces(const struct source *src, size_t pos)
{
	int depth = 0;

	while (pos < src->len) {
		int c = src->text[pos];

		pos = skip_c_element(src, pos);
		depth += (c == '{') - (c == '}');
		if (c == '}' && depth == 0)
			return pos;
	}
	return 0;
}

// Attributes and the semicolon, if they are there.
static size_t scan_c_tail(const struct source *src, size_t pos)
{
	static const char attribute[] = "__attribute__";
	size_t next = skip_layout(src, pos);

	if (src->len - next > sizeof(attribute) &&
	    memcmp(src->text + next, attribute, sizeof(attribute) - 1) == 0) {
		next = skip_layout(src, next + sizeof(attribute) - 1);
		pos = skip_balanced(src, next, '(', ')', limit_from(src, next));
		next = skip_layout(src, pos);
	}
	return char_at(src, next) == ';' ? next + 1 : pos;
}

// `typedef ... ;`
static size_t scan_typedef(const struct source *src, size_t pos)
{
	int depth = 0;

	while (pos < src->len) {
		int c = src->text[pos];

		pos = skip_c_element(src, pos);
		depth += (c == '{') - (c == '}');
		if (c == ';' && depth <= 0)
			break;
	}
	return pos;
}

// Is the `struct` at pos followed by a definition or declaration, rather than by the rest
// of an attach point? Names, attributes and an enum's base may stand before the brace.
// One whose braces don't close is a BAD token up to the end.
static struct top_word scan_c_definition(const struct source *src, size_t begin)
{
	size_t limit = limit_from(src, begin);
	size_t name = skip_layout_until(src, skip_name(src, begin), limit), pos = name;

	while (pos < limit) {
		int c = char_at(src, pos);

		if (c == '{') {
			size_t end = scan_c_braces(src, pos);

			if (!end)
				return (struct top_word){TOK_BAD, src->len - begin};
			return (struct top_word){TOK_C_TEXT, scan_c_tail(src, end) - begin};
		}
		if (c == ';')
			return (struct top_word){TOK_C_TEXT, pos + 1 - begin};
		if (starts_name(src, pos))
			pos = skip_name(src, pos);
		else if (c == ':' && pos > name)
			pos++;
		else if (c == '(')
			pos = skip_balanced(src, pos, '(', ')', limit);
		else
			break;
		pos = skip_layout_until(src, pos, limit);
	}
	return (struct top_word){0, 0};
}

// The keyword at pos, given that it is one there.
static struct top_word scan_item_word(const struct source *src, size_t pos)
{
	size_t end = skip_name(src, pos), len = end - pos;
	size_t next = skip_layout(src, end);
	int c = char_at(src, next);

	if (text_is(src, pos, end, "config") && c == '=')
		return (struct top_word){TOK_CONFIG, len};
	if (text_is(src, pos, end, "import") && next > end && c == '"')
		return (struct top_word){TOK_IMPORT, len};
	if (text_is(src, pos, end, "import") && next == end && c == '"')
		return (struct top_word){TOK_IMPORT, len};
	if (text_is(src, pos, end, "macro") && starts_name(src, next))
		return (struct top_word){TOK_MACRO, len};
	if (text_is(src, pos, end, "fn") && starts_name(src, next))
		return (struct top_word){TOK_FN, len};
	if (text_is(src, pos, end, "let") && next > end)
		return (struct top_word){TOK_LET, len};
	if (text_is(src, pos, end, "let") && c == '@')
		return (struct top_word){TOK_LET, len};
	if (text_is(src, pos, end, "typedef") && next > end)
		return (struct top_word){TOK_C_TEXT, scan_typedef(src, pos) - pos};
	if (text_is_one_of(src, pos, end, tagged))
		return scan_c_definition(src, pos);
	return (struct top_word){0, 0};
}

struct top_word scan_top_word(const struct source *src, size_t pos, bool item_start)
{
	struct top_word w = {0, 0};

	if (char_at(src, pos) == '#')
		return (struct top_word){TOK_C_TEXT, scan_directive(src, pos)};
	if (item_start && starts_name(src, pos))
		w = scan_item_word(src, pos);
	if (w.len)
		return w;
	return (struct top_word){TOK_ATTACH, scan_attach_point(src, pos)};
}
