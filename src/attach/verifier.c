// verifier.c: read the kernel verifier's log.
//
// Enters: the log of a refused program (level 1). Leaves: its last message and the last line
// of the script quoted before it. Refuses nothing: an empty or cut log gives empty strings.
//
// The log is a list of instructions ("12: (79) r1 = ..."), states ("12: R1=ctx()"), quoted
// source lines ("; @x = 1 @ stdin:3") and, at the end, the reason and the statistics.
#include "attach/verifier.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static bool is_statistics(const char *line)
{
	return str_starts_with(line, "processed ") || str_starts_with(line, "verification time") ||
	       str_starts_with(line, "stack depth") || str_starts_with(line, "max_states") ||
	       str_starts_with(line, "mark_precise") || str_starts_with(line, "func#");
}

// "R1=ctx()", "R10_w=fp0"; but "R1 type=scalar expected=ptr_" is a reason.
static bool is_register(const char *line)
{
	const char *p = line + 1 + strspn(line + 1, "0123456789");

	return line[0] == 'R' && p > line + 1 && p[*p == '_' ? 1 + strspn(p + 1, "rwD") : 0] == '=';
}

// "12: ...", "from 3 to 5: ..." and "R1=..." describe states, not reasons.
static bool is_state(const char *line)
{
	if (str_starts_with(line, "from ") && strstr(line, " to "))
		return true;
	if (is_register(line))
		return true;
	const char *p = line;
	while (isdigit((unsigned char)*p))
		p++;
	return p > line && *p == ':';
}

// "; text @ file:line" or "; text".
static void read_source_line(const char *line, struct verifier_report *out)
{
	const char *text = line + 1 + strspn(line + 1, " \t");
	const char *at = NULL;

	for (const char *p = text; (p = strstr(p, " @ ")); p++)
		at = p;
	out->file[0] = '\0';
	out->line_no = 0;
	if (at) {
		const char *colon = strrchr(at, ':');
		if (colon && isdigit((unsigned char)colon[1])) {
			out->line_no = (unsigned)strtoul(colon + 1, NULL, 10);
			snprintf(out->file, sizeof(out->file), "%.*s", (int)(colon - at - 3),
				 at + 3);
		} else {
			at = NULL;
		}
	}
	snprintf(out->line, sizeof(out->line), "%.*s", at ? (int)(at - text) : (int)strlen(text),
		 text);
}

void verifier_read(const char *log, struct verifier_report *out)
{
	char line[1024];

	memset(out, 0, sizeof(*out));
	while (*log) {
		size_t n = strcspn(log, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(n < sizeof(line) ? n : sizeof(line) - 1),
			 log);
		log += n + (log[n] == '\n');
		if (line[0] == ';')
			read_source_line(line, out);
		else if (line[0] && !is_statistics(line) && !is_state(line))
			snprintf(out->message, sizeof(out->message), "%.255s", line);
	}
}

static struct span line_span(const struct source *src, unsigned line)
{
	size_t len = 0;
	const char *text = source_line(src, line, &len);
	uint32_t begin = src->base + (uint32_t)(text - src->text);
	size_t lead = 0;

	while (lead < len && isspace((unsigned char)text[lead]))
		lead++;
	return (struct span){begin + (uint32_t)lead, begin + (uint32_t)len};
}

static bool line_equals(const struct source *src, unsigned line, const char *wanted)
{
	size_t len = 0, n = strlen(wanted);
	const char *text = source_line(src, line, &len);

	while (len && isspace((unsigned char)*text)) {
		text++;
		len--;
	}
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	while (n && isspace((unsigned char)wanted[n - 1]))
		n--;
	return n && len == n && !memcmp(text, wanted, n);
}

struct span verifier_span(const struct verifier_report *r, const struct sources *sources,
			  struct span fallback)
{
	for (size_t i = 0; i < sources->files.len; i++) {
		const struct source *src = sources->files.data[i];
		if (r->line_no && r->line_no <= src->line_count && !strcmp(src->name, r->file))
			return line_span(src, r->line_no);
	}
	for (size_t i = 0; i < sources->files.len; i++) {
		const struct source *src = sources->files.data[i];
		for (unsigned line = 1; line <= src->line_count; line++)
			if (line_equals(src, line, r->line))
				return line_span(src, line);
	}
	return fallback;
}

const char *verifier_hint(const char *message)
{
	static const struct {
		const char *part, *hint;
	} hints[] = {
	    {"too large", "the program is too large for the kernel; shorten loops or split "
			  "the probe"},
	    {"too complex", "the program has too many paths; shorten loops or split the probe"},
	    {"too many instructions", "shorten loops or split the probe"},
	    {"combined stack size", "use fewer or shorter strings ($variables, map keys)"},
	    {"infinite loop", "the kernel cannot see that this loop ends"},
	    {"unknown func", "this kernel does not have a helper function that the script "
			     "needs"},
	    {"invalid func", "this kernel does not have a helper function that the script "
			     "needs"},
	    {"reserved fields", "this kernel does not know an instruction that the script needs"},
	    {"helper call is not allowed", "this helper cannot be used in this kind of probe"},
	    {"calling kernel function", "this kernel does not allow that function here"},
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strstr(message, hints[i].part))
			return hints[i].hint;
	return NULL;
}
