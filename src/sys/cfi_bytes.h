// cfi_bytes: reading out of .eh_frame. Private to cfi.c. Nothing is read beyond the end: what would
// be, is 0 and marks the reader as failed, for good.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <dwarf.h>
#include <string.h>

struct bytes {
	const unsigned char *base; // of the section
	size_t at, end;		   // offsets in it
	bool failed;
};

static inline size_t bytes_left(const struct bytes *b)
{
	return b->end - b->at;
}

// 0 to 8 bytes, little endian.
static inline uint64_t bytes_uint(struct bytes *b, size_t size)
{
	uint64_t v = 0;

	if (b->failed || size > bytes_left(b)) {
		b->failed = true;
		return 0;
	}
	memcpy(&v, b->base + b->at, size);
	b->at += size;
	return v;
}

static inline uint64_t bytes_leb(struct bytes *b, bool is_signed)
{
	unsigned shift = 0;
	uint64_t v = 0, byte;

	do {
		byte = bytes_uint(b, 1);
		if (shift < 64)
			v |= (byte & 0x7f) << shift;
		shift += shift < 64 ? 7 : 0;
	} while (byte & 0x80);
	if (is_signed && shift < 64 && byte & 0x40)
		v |= UINT64_MAX << shift;
	return v;
}

static inline uint64_t bytes_uleb(struct bytes *b)
{
	return bytes_leb(b, false);
}

static inline int64_t bytes_sleb(struct bytes *b)
{
	return (int64_t)bytes_leb(b, true);
}

// With its NUL; "" where there is none.
static inline const char *bytes_string(struct bytes *b)
{
	const char *s = (const char *)b->base + b->at;

	while (bytes_uint(b, 1))
		;
	return b->failed ? "" : s;
}

// Bytes of an encoded address; 0: of no fixed length, or unknown.
static inline size_t encoded_size(uint8_t encoding)
{
	switch (encoding & 0x0f) {
	case DW_EH_PE_absptr:
	case DW_EH_PE_udata8:
	case DW_EH_PE_sdata8:
		return 8;
	case DW_EH_PE_udata4:
	case DW_EH_PE_sdata4:
		return 4;
	case DW_EH_PE_udata2:
	case DW_EH_PE_sdata2:
		return 2;
	default:
		return 0;
	}
}

// `address`: of the section's beginning. Relative to nothing, or to where it stands.
static inline uint64_t bytes_address(struct bytes *b, uint8_t encoding, uint64_t address)
{
	size_t size = encoded_size(encoding);
	uint64_t here = address + b->at, v = bytes_uint(b, size);
	unsigned unused = 64 - 8 * (unsigned)size;

	if (b->failed || !size || (encoding & 0x70) > DW_EH_PE_pcrel) {
		b->failed = true;
		return 0;
	}
	if (encoding & DW_EH_PE_signed)
		v = (uint64_t)((int64_t)(v << unused) >> unused);
	return (encoding & 0x70) == DW_EH_PE_pcrel ? here + v : v;
}

static inline int64_t wrapped_product(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a * (uint64_t)b);
}
