// usdt_args.c: the text that says where a USDT site has its arguments.
//
// Enters: "-4@%edi 8@16(%rbp,%rax,8) 1@$7" or, on arm64, "-4@w0 8@[sp, 16] 4@7": per argument its
// size (negative: signed; f: floating point) and an operand as the assembler writes it. Leaves:
// struct usdt_arg. Refuses nothing as a whole: an operand of a kind that a probe cannot read, or
// that makes no sense, is an argument with a reason.
#include <ctype.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/usdt.h"

static const char *const not_understood = "its description is not understood";
static const char *const in_float_register = "it is in a floating-point register";

struct reg {
	uint16_t offset; // in struct pt_regs
	uint8_t size, shift;
	bool is_zero, is_float;
};

// ---- x86 ----------------------------------------------------------------------------------

static const struct {
	const char *names[5]; // of 8, 4, 2, 1 bytes, and of the second byte
	uint16_t offset;
} x86_legacy[] = {
    {{"rax", "eax", "ax", "al", "ah"}, 80},   {{"rbx", "ebx", "bx", "bl", "bh"}, 40},
    {{"rcx", "ecx", "cx", "cl", "ch"}, 88},   {{"rdx", "edx", "dx", "dl", "dh"}, 96},
    {{"rsi", "esi", "si", "sil", NULL}, 104}, {{"rdi", "edi", "di", "dil", NULL}, 112},
    {{"rbp", "ebp", "bp", "bpl", NULL}, 32},  {{"rsp", "esp", "sp", "spl", NULL}, 152},
    {{"rip", "eip", "ip", NULL, NULL}, 128},
};
enum { X86_IP = 128, ARM64_PC = 256, ARM64_SP = 248 };

static bool is_word(const char *s, size_t n, const char *word)
{
	return word && strlen(word) == n && !memcmp(s, word, n);
}

// r8 to r15, with d, w, b
static bool x86_numbered(const char *s, size_t n, struct reg *out)
{
	static const uint16_t offsets[] = {72, 64, 56, 48, 24, 16, 8, 0};
	unsigned number = 0;
	size_t i = 1;

	for (; i < n && i < 3 && isdigit((unsigned char)s[i]); i++)
		number = number * 10 + (unsigned)(s[i] - '0');
	if (s[0] != 'r' || number < 8 || number > 15 || n - i > 1)
		return false;
	char width = i < n ? s[i] : 'q';
	*out = (struct reg){.offset = offsets[number - 8]};
	out->size = width == 'q' ? 8 : width == 'd' ? 4 : width == 'w' ? 2 : width == 'b' ? 1 : 0;
	return out->size;
}

// Without the percent sign.
static bool x86_register(const char *s, size_t n, struct reg *out)
{
	static const uint8_t sizes[] = {8, 4, 2, 1, 1};

	for (size_t i = 0; i < ARRAY_SIZE(x86_legacy); i++)
		for (size_t k = 0; k < ARRAY_SIZE(sizes); k++)
			if (is_word(s, n, x86_legacy[i].names[k])) {
				*out = (struct reg){.offset = x86_legacy[i].offset,
						    .size = sizes[k],
						    .shift = k == 4 ? 8 : 0};
				return true;
			}
	if (n && x86_numbered(s, n, out))
		return true;
	bool vector =
	    n > 3 && (!memcmp(s, "xmm", 3) || !memcmp(s, "ymm", 3) || !memcmp(s, "zmm", 3));
	*out = (struct reg){.is_float = vector || (n >= 2 && !memcmp(s, "st", 2))};
	return out->is_float;
}

// ---- sums of numbers and one symbol ---------------------------------------------------------

static bool is_symbol_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '@';
}

struct sum {
	int64_t number;
	const char *symbol;
};

static bool read_term(struct arena *a, const char **at, bool minus, struct sum *out)
{
	const char *s = *at;
	char *end;

	if (isdigit((unsigned char)*s)) {
		errno = 0;
		uint64_t v = strtoull(s, &end, 0);
		if (errno || end == s || isalpha((unsigned char)*end))
			return false;
		out->number = (int64_t)((uint64_t)out->number + (minus ? -v : v));
		*at = end;
		return true;
	}
	size_t n = 0;
	while (is_symbol_char(s[n]))
		n++;
	if (!n || minus || out->symbol)
		return false;
	out->symbol = arena_strndup(a, s, n);
	*at = s + n;
	return true;
}

// "", "-8", "16+8", "counter", "counter+4", "4+counter": up to '(' or the end.
static bool read_sum(struct arena *a, const char **at, struct sum *out)
{
	const char *s = *at;

	*out = (struct sum){0};
	while (*s && *s != '(') {
		bool minus = *s == '-';
		if (*s == '-' || *s == '+')
			s++;
		else if (s != *at)
			return false;
		if (!read_term(a, &s, minus, out))
			return false;
	}
	*at = s;
	return true;
}

// ---- x86 operands ----------------------------------------------------------------------------

static void no_value(struct usdt_arg *arg, const char *why)
{
	arg->unreadable = why;
	arg->symbol = NULL;
}

static void x86_value_register(struct usdt_arg *arg, const char *name)
{
	struct reg r;

	if (!x86_register(name, strlen(name), &r)) {
		no_value(arg, not_understood);
		return;
	}
	if (r.is_float) {
		no_value(arg, in_float_register);
		return;
	}
	arg->base = r.offset;
	arg->shift = r.shift;
	if (!arg->size || arg->size > r.size)
		arg->size = r.size;
}

// "(%rax,%rbx,8)", "(%rax)", "(,%rbx,4)"; *at behind the first parenthesis.
static bool x86_address(struct usdt_arg *arg, const char *s, bool *relative)
{
	struct reg r;
	size_t n;

	if (*s == '%') {
		n = strcspn(++s, ",)");
		if (!x86_register(s, n, &r) || r.is_float || r.size < 4)
			return false;
		arg->base = r.offset;
		*relative = r.offset == X86_IP;
		s += n;
	}
	if (*s == ',') {
		if (*++s != '%')
			return false;
		n = strcspn(++s, ",)");
		if (!x86_register(s, n, &r) || r.is_float || r.size < 4 || r.offset == X86_IP)
			return false;
		arg->index = r.offset;
		s += n;
		if (*s == ',') {
			if (!s[1] || !strchr("1248", s[1]))
				return false;
			arg->index_shift = s[1] == '8' ? 3 : s[1] == '4' ? 2 : s[1] == '2';
			s += 2;
		}
	}
	return s[0] == ')' && !s[1];
}

static void x86_memory(struct arena *a, struct usdt_arg *arg, const char *s)
{
	struct sum sum;
	bool relative = false;

	arg->deref = true;
	if (!read_sum(a, &s, &sum) || (*s && !x86_address(arg, s + 1, &relative))) {
		no_value(arg, not_understood);
		return;
	}
	arg->offset = sum.number;
	arg->symbol = sum.symbol;
	// A bare distance from the next instruction: of which one, the note does not say.
	if (relative && !sum.symbol)
		no_value(arg, not_understood);
	else if (sum.symbol && !relative && arg->base != USDT_NO_REG)
		no_value(arg, not_understood); // symbol(%rax): by absolute address
	else if (sum.symbol)
		arg->from_site = true;
	if (arg->from_site)
		arg->base = X86_IP;
}

static void x86_constant(struct arena *a, struct usdt_arg *arg, const char *s)
{
	struct sum sum;

	if (!*s || !read_sum(a, &s, &sum) || *s) {
		no_value(arg, not_understood);
		return;
	}
	arg->offset = sum.number;
	arg->symbol = sum.symbol;
	arg->from_site = sum.symbol;
	if (arg->from_site)
		arg->base = X86_IP;
}

static void x86_operand(struct arena *a, struct usdt_arg *arg, const char *s)
{
	if (*s == '$')
		x86_constant(a, arg, s + 1);
	else if (*s == '%' && strchr(s, ':'))
		no_value(arg, "it is in a segment (thread-local memory)");
	else if (*s == '%')
		x86_value_register(arg, s + 1);
	else if (*s)
		x86_memory(a, arg, s);
	else
		no_value(arg, not_understood);
}

// ---- arm64 operands --------------------------------------------------------------------------

static bool arm64_register(const char *s, size_t n, struct reg *out)
{
	unsigned number = 0;

	*out = (struct reg){.size = *s == 'w' ? 4 : 8};
	if (is_word(s, n, "sp") || is_word(s, n, "wsp")) {
		out->offset = ARM64_SP;
		return true;
	}
	if (is_word(s, n, "fp") || is_word(s, n, "lr")) {
		out->offset = *s == 'f' ? 29 * 8 : 30 * 8;
		return true;
	}
	out->is_zero = is_word(s, n, "xzr") || is_word(s, n, "wzr");
	if (out->is_zero)
		return true;
	if (n < 2 || n > 3 || !strchr("xwvdsqhb", *s))
		return false;
	for (size_t i = 1; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
		number = number * 10 + (unsigned)(s[i] - '0');
	}
	out->is_float = *s != 'x' && *s != 'w';
	out->offset = (uint16_t)(number * 8);
	return number <= (out->is_float ? 31u : 30u);
}

// The word at *at, without blanks and the comma after it.
static size_t arm64_word(const char **at, const char **word)
{
	const char *s = *at + strspn(*at, " ");
	size_t n = strcspn(s, " ,]");

	*word = s;
	s += n;
	s += strspn(s, " ");
	*at = *s == ',' ? s + 1 : s;
	return n;
}

static bool arm64_number(const char *s, size_t n, int64_t *out)
{
	char text[32], *end;

	if (n && *s == '#')
		s++, n--;
	if (!n || n >= sizeof(text))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	errno = 0;
	*out = *text == '-' ? strtoll(text, &end, 0) : (int64_t)strtoull(text, &end, 0);
	return !errno && !*end && (isdigit((unsigned char)*text) || *text == '-');
}

// "lsl 3", "sxtw", "uxtw #2" after an index register
static bool arm64_extension(struct usdt_arg *arg, const char **at)
{
	const char *word;
	size_t n = arm64_word(at, &word);
	int64_t amount = 0;

	if (is_word(word, n, "sxtw") || is_word(word, n, "uxtw")) {
		arg->index_bytes = 4;
		arg->index_signed = *word == 's';
	} else if (!is_word(word, n, "lsl") && !is_word(word, n, "sxtx")) {
		return false;
	}
	if (**at != ']') {
		n = arm64_word(at, &word);
		if (!arm64_number(word, n, &amount) || amount < 0 || amount > 4)
			return false;
	}
	arg->index_shift = (uint8_t)amount;
	return true;
}

// "[x0]", "[sp, 16]", "[x0, x1, lsl 3]"
static bool arm64_memory(struct usdt_arg *arg, const char *s)
{
	const char *word;
	struct reg r;
	size_t n = arm64_word(&s, &word);

	arg->deref = true;
	if (!arm64_register(word, n, &r) || r.is_float || r.is_zero || r.size < 8)
		return false;
	arg->base = r.offset;
	if (*s != ']') {
		n = arm64_word(&s, &word);
		if (!arm64_number(word, n, &arg->offset)) {
			if (!arm64_register(word, n, &r) || r.is_float || r.offset == ARM64_SP)
				return false;
			arg->index = r.is_zero ? (uint16_t)USDT_NO_REG : r.offset;
			arg->index_bytes = r.size;
			if (*s != ']' && !arm64_extension(arg, &s))
				return false;
		}
	}
	return s[0] == ']' && !s[1];
}

static void arm64_operand(struct arena *a, struct usdt_arg *arg, const char *s)
{
	struct reg r;
	size_t n = strlen(s);

	if (*s == '[') {
		if (!arm64_memory(arg, s + 1))
			no_value(arg, not_understood);
	} else if (arm64_number(s, n, &arg->offset)) {
		return;
	} else if (!n || !arm64_register(s, n, &r)) {
		no_value(arg, not_understood);
	} else if (r.is_float) {
		no_value(arg, in_float_register);
	} else {
		arg->base = r.is_zero ? (uint16_t)USDT_NO_REG : r.offset;
		if (!arg->size || arg->size > r.size)
			arg->size = r.size;
	}
}

// ---- the whole text --------------------------------------------------------------------------

// "-4@", "8f@", or nothing (very old notes). False when there is a size and it makes no sense.
static bool read_size(struct usdt_arg *arg, const char **at)
{
	const char *s = *at, *sign = strchr(s, '@');
	unsigned size = 0;

	if (!sign || (size_t)(sign - s) > 4 || !(isdigit((unsigned char)*s) || *s == '-'))
		return true;
	arg->is_signed = *s == '-';
	for (s += arg->is_signed; isdigit((unsigned char)*s); s++)
		size = size * 10 + (unsigned)(*s - '0');
	arg->is_float = *s == 'f';
	s += arg->is_float;
	*at = sign + 1;
	arg->size = (uint8_t)size;
	return s == sign && (size == 1 || size == 2 || size == 4 || size == 8);
}

static struct usdt_arg read_arg(struct arena *a, int machine, const char *s)
{
	struct usdt_arg arg = {.base = USDT_NO_REG, .index = USDT_NO_REG, .index_bytes = 8};

	if (!read_size(&arg, &s)) {
		arg.size = 8;
		no_value(&arg, "its size is none of 1, 2, 4 and 8 bytes");
	} else if (machine == EM_X86_64 || machine == EM_386) {
		x86_operand(a, &arg, s);
	} else if (machine == EM_AARCH64) {
		arm64_operand(a, &arg, s);
	} else {
		no_value(&arg, "mtrace does not know this machine's registers");
	}
	if (!arg.size)
		arg.size = 8;
	return arg;
}

// Up to a blank outside brackets.
static size_t operand_length(const char *s)
{
	size_t n = 0;

	for (int depth = 0; s[n] && (depth > 0 || s[n] != ' '); n++)
		depth += (s[n] == '[' || s[n] == '(') - (s[n] == ']' || s[n] == ')');
	return n;
}

struct usdt_spec *usdt_spec_parse(struct arena *a, int machine, const char *text)
{
	struct usdt_spec *spec = arena_new(a, struct usdt_spec);
	const char *s = text;

	spec->text = arena_strdup(a, text);
	while (spec->args.len < USDT_ARGS_MAX) {
		s += strspn(s, " ");
		size_t n = operand_length(s);
		if (!n)
			break;
		struct usdt_arg arg = read_arg(a, machine, arena_strndup(a, s, n));
		arena_push(a, &spec->args, arg);
		s += n;
	}
	return spec;
}

const char *usdt_arg_type(const struct usdt_arg *arg)
{
	if (arg->is_float)
		return arg->size == 4 ? "float" : "double";
	switch (arg->size) {
	case 1:
		return arg->is_signed ? "int8" : "uint8";
	case 2:
		return arg->is_signed ? "int16" : "uint16";
	case 4:
		return arg->is_signed ? "int32" : "uint32";
	default:
		return arg->is_signed ? "int64" : "uint64";
	}
}
