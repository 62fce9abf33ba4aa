// insn.c: lengths of machine instructions: x86-64 (a length decoder), aarch64 (always 4).
//
// Enters: code. Leaves: the length. Refuses (0): opcodes that do not exist in 64-bit mode and
// encodings that it does not know; they are never guessed.
#include "sys/insn.h"

#include <elf.h>

enum { LENGTH_MAX = 15 };

// What follows an opcode: nothing (N), ModRM (M), an 8-bit immediate (b), a 16- or 32-bit one by
// operand size (z), a 32-bit displacement (d), 16 bits (w), both w and b (e), an address (a), a
// register-wide immediate (v); capital letters with ModRM: B, Z; F: test group; x: unknown.
static const char one_byte[256 + 1] = "MMMMbzxxMMMMbzxxMMMMbzxxMMMMbzxx"  // 00
				      "MMMMbzxxMMMMbzxxMMMMbzxxMMMMbzxx"  // 20
				      "xxxxxxxxxxxxxxxxNNNNNNNNNNNNNNNN"  // 40: REX, push, pop
				      "xxxMxxxxzZbBNNNNbbbbbbbbbbbbbbbb"  // 60
				      "BZxBMMMMMMMMMMMMNNNNNNNNNNxNNNNN"  // 80
				      "aaaaNNNNbzNNNNNNbbbbbbbbvvvvvvvv"  // a0
				      "BBwNxxBZeNwNNbxNMMMMxxxNMMMMMMMM"  // c0
				      "bbbbbbbbddxbNNNNxNxxNNFFNNNNNNMM"; // e0

static const char two_byte[256 + 1] = "MMMMxNNNNNxNxMNBMMMMMMMMMMMMMMMM"  // 00
				      "MMMMxxxxMMMMMMMMNNNNNNxNxxxxxxxx"  // 20
				      "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM"  // 40
				      "MMMMMMMMMMMMMMMMBBBBMMMNMMxxMMMM"  // 60
				      "ddddddddddddddddMMMMMMMMMMMMMMMM"  // 80
				      "NNNMBMxxNNNMBMMMMMMMMMMMMMBMMMMM"  // a0
				      "MMBMBBBMNNNNNNNNMMMMMMMMMMMMMMMM"  // c0
				      "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM"; // e0

struct decoder {
	const uint8_t *code;
	size_t len, at;
	bool operand16, address32, wide, broken;
};

static uint8_t next(struct decoder *d)
{
	if (d->at < d->len)
		return d->code[d->at++];
	d->broken = true;
	return 0;
}

static void skip(struct decoder *d, size_t n)
{
	if (n > d->len - d->at)
		d->broken = true;
	else
		d->at += n;
}

// Returns the register field, which some opcodes are extended by.
static unsigned modrm(struct decoder *d)
{
	uint8_t m = next(d);
	unsigned mod = m >> 6, rm = m & 7;

	if (mod == 3)
		return (m >> 3) & 7;
	unsigned base = rm == 4 ? next(d) & 7 : rm;
	if (mod == 1)
		skip(d, 1);
	else if (mod == 2 || base == 5)
		skip(d, 4);
	return (m >> 3) & 7;
}

static void operands(struct decoder *d, char kind, uint8_t opcode)
{
	size_t z = d->operand16 && !d->wide ? 2 : 4;

	switch (kind) {
	case 'N':
		break;
	case 'M':
		modrm(d);
		break;
	case 'B':
		modrm(d);
		skip(d, 1);
		break;
	case 'Z':
		modrm(d);
		skip(d, z);
		break;
	case 'F': // f6, f7: only TEST has an immediate
		if (modrm(d) < 2)
			skip(d, opcode == 0xf6 ? 1 : z);
		break;
	case 'b':
		skip(d, 1);
		break;
	case 'w':
		skip(d, 2);
		break;
	case 'e':
		skip(d, 3);
		break;
	case 'z':
		skip(d, z);
		break;
	case 'd':
		skip(d, 4);
		break;
	case 'v':
		skip(d, d->wide ? 8 : z);
		break;
	case 'a':
		skip(d, d->address32 ? 4 : 8);
		break;
	default:
		d->broken = true;
	}
}

// The opcode of a VEX or EVEX instruction in one of the maps 1 (0F), 2 (0F38), 3 (0F3A), 5, 6.
static void vector_opcode(struct decoder *d, unsigned map)
{
	uint8_t op = next(d);

	if (map == 3 || (map == 1 && two_byte[op] == 'B'))
		operands(d, 'B', op);
	else if (map == 1 && op == 0x77)
		operands(d, 'N', op);
	else if (map == 1 || map == 2 || map == 5 || map == 6)
		operands(d, 'M', op);
	else
		d->broken = true;
}

static bool vector(struct decoder *d, uint8_t op)
{
	if (op == 0xc5) {
		skip(d, 1);
		vector_opcode(d, 1);
	} else if (op == 0xc4) {
		unsigned map = next(d) & 0x1f;
		skip(d, 1);
		vector_opcode(d, map);
	} else if (op == 0x62) {
		unsigned map = next(d) & 7;
		skip(d, 2);
		vector_opcode(d, map);
	} else {
		return false;
	}
	return true;
}

// Legacy prefixes, then REX. Returns the first opcode byte.
static uint8_t prefixes(struct decoder *d)
{
	for (;;) {
		uint8_t b = next(d);
		switch (b) {
		case 0x66:
			d->operand16 = true;
			break;
		case 0x67:
			d->address32 = true;
			break;
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
		case 0x64:
		case 0x65:
		case 0xf0:
		case 0xf2:
		case 0xf3:
			break;
		default:
			if ((b & 0xf0) != 0x40 || d->broken)
				return b;
			d->wide = b & 8;
			return next(d);
		}
	}
}

static unsigned x86_64_length(const uint8_t *code, size_t len)
{
	struct decoder d = {.code = code, .len = len < LENGTH_MAX ? len : LENGTH_MAX};
	uint8_t op = prefixes(&d);

	if (d.broken)
		return 0;
	if (!vector(&d, op)) {
		if (op != 0x0f) {
			operands(&d, one_byte[op], op);
		} else if ((op = next(&d)) == 0x38) {
			skip(&d, 1);
			operands(&d, 'M', op);
		} else if (op == 0x3a) {
			skip(&d, 1);
			operands(&d, 'B', op);
		} else {
			operands(&d, two_byte[op], op);
		}
	}
	return d.broken ? 0 : (unsigned)d.at;
}

unsigned insn_length(int machine, const uint8_t *code, size_t len)
{
	switch (machine) {
	case EM_X86_64:
		return x86_64_length(code, len);
	case EM_AARCH64:
		return len >= 4 ? 4 : 0;
	default:
		return 0;
	}
}

enum insn_boundary insn_boundary(int machine, const uint8_t *code, size_t len, size_t offset)
{
	size_t at = 0;

	while (at < offset) {
		unsigned n = at < len ? insn_length(machine, code + at, len - at) : 0;
		if (!n)
			return INSN_UNKNOWN;
		at += n;
	}
	return at == offset ? INSN_BOUNDARY : INSN_MIDDLE;
}
