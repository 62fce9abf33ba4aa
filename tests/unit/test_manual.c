// The man page names every builtin and function that works, and none of the later ones as if
// they did.
#include "sema/builtins.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "test.h"

static char *read_manual(void)
{
	FILE *f = fopen(TEST_SOURCE_DIR "/man/mtrace.1", "r");
	char *text = NULL;
	size_t size = 0;

	if (f && getdelim(&text, &size, 0, f) < 0) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	return text;
}

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strstr(text, word); p; p = strstr(p + 1, word)) {
		if ((p == text || !is_word_char(p[-1])) && !is_word_char(p[n]))
			return true;
	}
	return false;
}

static void test_builtins(void)
{
	_cleanup_free_ char *text = read_manual();

	if (!CHECK(text))
		return;
	for (int i = 0; i < BUILTIN_COUNT; i++) {
		if (builtin_infos[i].ready && !CHECK(has_word(text, builtin_infos[i].name)))
			printf("  the man page does not name %s\n", builtin_infos[i].name);
	}
}

static void test_functions(void)
{
	_cleanup_free_ char *text = read_manual();

	if (!CHECK(text))
		return;
	for (int i = 0; i < FUNC_ID_END; i++) {
		if (func_infos[i].ready && !CHECK(has_word(text, func_infos[i].name)))
			printf("  the man page does not name %s()\n", func_infos[i].name);
	}
}

TEST_MAIN(test_builtins, test_functions)
