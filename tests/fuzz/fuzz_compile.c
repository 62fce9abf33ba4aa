// fuzz_compile: any bytes are a script, which goes the whole way to an object as `--check` goes.
// The compiler must end, with or without errors; what it accepts, LLVM accepts (codegen verifies
// its module and aborts over its own mistakes). Run by tests/fuzz/run, with $FUZZ_ROOT for "/".
//
// Random bytes hardly ever parse, so inputs are also crossed in words: a balanced run of one
// script's words takes the place of one of the other's.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codegen/codegen.h"
#include "compile.h"
#include "sys/features.h"

#define MAX_WORDS 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
				 uint8_t *out, size_t max, unsigned seed);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return setenv("MTRACE_LIBCLANG", "", 1) || setenv("FUZZ_ROOT", "/", 0);
}

static void compile(const struct buf *text, struct features *f, bool unsafe)
{
	static const char *const params[] = {"7", "word", "vfs_*"};
	struct compile_options options = {.params = (const char **)params,
					  .param_count = 3,
					  .unsafe = unsafe,
					  .check_only = true,
					  .cgroup_fd = -1,
					  .root = getenv("FUZZ_ROOT")};
	struct compiler c = {.features = f, .options = &options};
	struct object object = {0};
	struct buf dump = {0};
	FILE *sink = fmemopen(NULL, 1 << 20, "w");

	if (compile_front(&c, "stdin", text, COMPILE_OBJECT)) {
		if (codegen(&c, CODEGEN_DUMP_NONE, &dump, &object) && !diag_failed(&c.diag))
			abort();
	} else if (!diag_failed(&c.diag) && !c.usage) {
		abort(); // refused without a word
	}
	if (sink) {
		diag_flush(&c.diag, sink, false);
		fclose(sink);
	}
	object_release(&object);
	buf_release(&dump);
	compiler_release(&c);
}

// The kernel's mechanisms are drawn from the input, so that every rung is compiled for.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct features f = {.fake = true};
	struct buf text = {0};
	uint32_t hash = 2166136261u;

	if (memmem(data, size, "import", 6))
		return 0; // would read files
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 16777619u;
	f.assumed = hash & 1 ? UINT32_MAX : hash >> 8;
	buf_append(&text, data, size);
	compile(&text, &f, hash & 2);
	buf_release(&text);
	return 0;
}

// ---- crossing --------------------------------------------------------------------------------

struct words {
	const uint8_t *text;
	uint32_t begin[MAX_WORDS], end[MAX_WORDS];
	size_t len;
};

static bool is_word(uint8_t c)
{
	return c == '_' || c == '$' || c == '@' || (c >= '0' && c <= '9') ||
	       ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static size_t string_end(const uint8_t *text, size_t i, size_t size)
{
	for (i++; i < size && text[i] != '"' && text[i] != '\n'; i++)
		if (text[i] == '\\' && i + 1 < size)
			i++;
	return i < size ? i + 1 : size;
}

static void split(struct words *w, const uint8_t *text, size_t size)
{
	*w = (struct words){.text = text};
	for (size_t i = 0, end; i < size && w->len < MAX_WORDS; i = end) {
		end = i + 1;
		if (text[i] <= ' ')
			continue;
		if (text[i] == '"')
			end = string_end(text, i, size);
		else if (is_word(text[i]))
			while (end < size && is_word(text[end]))
				end++;
		w->begin[w->len] = (uint32_t)i;
		w->end[w->len++] = (uint32_t)end;
	}
}

static int nesting(const struct words *w, size_t i)
{
	switch (w->text[w->begin[i]]) {
	case '(':
	case '{':
	case '[':
		return 1;
	case ')':
	case '}':
	case ']':
		return -1;
	default:
		return 0;
	}
}

// From word `first`: the end of a run whose brackets close; at least one word, some more at will.
static size_t balanced_end(const struct words *w, size_t first, size_t more)
{
	size_t i = first, end = first + 1;
	int depth = 0;

	for (; i < w->len && depth >= 0; i++) {
		depth += nesting(w, i);
		if (depth == 0) {
			end = i + 1;
			if (!more--)
				break;
		}
	}
	return end;
}

static size_t append(uint8_t *out, size_t at, size_t max, const uint8_t *from, size_t len)
{
	if (len > max - at)
		len = max - at;
	memcpy(out + at, from, len);
	return at + len;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
				 uint8_t *out, size_t max, unsigned seed)
{
	static struct words wa, wb;
	size_t at, first, from, end;
	unsigned more = seed >> 28;

	split(&wa, a, a_size);
	split(&wb, b, b_size);
	if (!wa.len || !wb.len)
		return append(out, 0, max, a, a_size);
	first = seed % wa.len;
	from = (seed >> 11) % wb.len;
	end = balanced_end(&wb, from, more & 3) - 1;
	at = append(out, 0, max, a, wa.begin[first]);
	at = append(out, at, max, b + wb.begin[from], wb.end[end] - wb.begin[from]);
	end = wa.end[balanced_end(&wa, first, more >> 2) - 1];
	at = append(out, at, max, (const uint8_t *)" ", 1);
	return append(out, at, max, a + end, a_size - end);
}
