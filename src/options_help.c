// options_help: the option table as data and as the text of --help.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options_table.h"

enum { READY, NEVER };
const struct option_info option_infos[OPT_COUNT] = {
#define OPTION_INFO(id, name, letter, value, since, help)                                          \
	[OPT_##id] = {name, letter, value, help, since == NEVER},
    OPTION_TABLE(OPTION_INFO, OPTION_NO_GROUP)};

const struct option_info *options_table(size_t *count)
{
	*count = OPT_COUNT;
	return option_infos;
}

//   -p, --pid PID          only this process; end when it ends
//       --for DURATION     end after 10, 10s, 500ms, 2m...
static void print_option(FILE *out, const struct option_info *info)
{
	char left[64];
	int len = 0;

	if (info->letter)
		len += snprintf(left, sizeof(left), "  -%c", info->letter);
	else
		len += snprintf(left, sizeof(left), "    ");
	if (info->name)
		len += snprintf(left + len, sizeof(left) - (size_t)len, "%s--%s",
				info->letter ? ", " : "  ", info->name);
	if (info->value)
		snprintf(left + len, sizeof(left) - (size_t)len, " %s", info->value);
	fprintf(out, strlen(left) < 31 ? "%-31s" : "%s\n                               ", left);
	for (const char *s = info->help; *s; s++)
		fputs(*s == '\n' ? "\n                               " : (char[]){*s, 0}, out);
	fputs(info->refused ? " (not supported)\n" : "\n", out);
}

static const char usage[] = "USAGE:\n"
			    "  mtrace [OPTIONS] FILE [PARAMETERS] [-- --NAME=VALUE]\n"
			    "  mtrace [OPTIONS] -e SCRIPT [PARAMETERS] [-- --NAME=VALUE]\n";

static const char help_tail[] =
    "\n"
    "Exit status\n"
    "  0  done             1  wrong usage, or an error in the script\n"
    "  2  cannot attach    3  an assert() of the script failed\n"
    "  4  data was lost, with --strict\n"
    "  N  the script called exit(N); 128+N: ended by signal N\n"
    "\n"
    "Examples\n"
    "  mtrace -e 'uprobe:./server:handle_* { @[func] = count(); }'\n"
    "  mtrace -c ./prog -e 'session:./prog:parse_* < return { @us[func] = hist(elapsed / 1000); } "
    ">'\n"
    "  mtrace -l 'uprobe:./server:*'\n";

void options_print_usage(FILE *out)
{
	fputs(usage, out);
}

void options_print_help(FILE *out)
{
	fputs("mtrace: trace functions of programs and of the kernel\n\n", out);
	options_print_usage(out);
#define HELP_OPTION(id, name, letter, value, when, help) print_option(out, &option_infos[OPT_##id]);
#define HELP_GROUP(heading) fprintf(out, "\n%s\n", heading);
	OPTION_TABLE(HELP_OPTION, HELP_GROUP)
	fputs(help_tail, out);
}

bool options_colour(void)
{
	const char *setting = getenv("BPFTRACE_COLOR");

	if (setting && strcmp(setting, "always") == 0)
		return true;
	if (setting && strcmp(setting, "never") == 0)
		return false;
	return isatty(STDERR_FILENO) && !getenv("NO_COLOR");
}
