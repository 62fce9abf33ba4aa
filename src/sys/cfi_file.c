// cfi_file: where .eh_frame is in a file. The header that the run-time unwinder uses says it
// (PT_GNU_EH_FRAME): it is loaded, so that a stripped file has it too. Functions of Go, and whatever
// was built without unwind tables, are in .debug_frame only, often packed.
#include "sys/cfi.h"

#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "sys/cfi_bytes.h"
#include "sys/debug_search.h"
#include "sys/debug_section.h"
#include "sys/elf_reader.h"

enum { HEADER_BYTES = 12 }; // version, three encodings, the pointer

// The address of .eh_frame.
static int read_header(struct elf_reader *r, uint64_t *address)
{
	unsigned char raw[HEADER_BYTES];
	struct bytes b = {.base = raw, .end = sizeof(raw)};
	Elf64_Phdr p = {0};
	uint8_t encoding;
	int err = 0;

	for (uint64_t i = 0; !err && i < r->phnum && p.p_type != PT_GNU_EH_FRAME; i++)
		err = elf_read_phdr(r, i, &p);
	if (err)
		return err;
	if (p.p_type != PT_GNU_EH_FRAME)
		return elf_refuse(r, "no .eh_frame");
	if (!elf_in_file(r, p.p_offset, sizeof(raw)))
		return elf_refuse(r, "the header of .eh_frame is beyond the end of the file");
	err = elf_read_at(r, p.p_offset, raw, sizeof(raw));
	if (err)
		return err;
	if (bytes_uint(&b, 1) != 1)
		return elf_refuse(r, "the header of .eh_frame has an unknown version");
	encoding = (uint8_t)bytes_uint(&b, 1);
	bytes_uint(&b, 2);
	*address = bytes_address(&b, encoding, p.p_vaddr);
	return b.failed ? elf_refuse(r, "the header of .eh_frame does not say where it is") : 0;
}

// From the address to the end of its segment: the entries say themselves where they end.
static int read_section(struct elf_reader *r, uint64_t address, char **data, size_t *size)
{
	_cleanup_(elf_segments_release) struct elf_segments all = {0};
	uint64_t offset;
	int err = elf_read_segments(r, PF_R, &all);

	for (size_t i = 0; !err && i < all.count; i++) {
		const struct elf_segment *s = &all.data[i];

		if (address < s->address || address - s->address >= s->size)
			continue;
		offset = s->offset + (address - s->address);
		*size = s->size - (address - s->address);
		if (*size > ELF_TABLE_MAX)
			return elf_refuse(r, ".eh_frame is too large");
		*data = malloc(*size);
		return *data ? elf_read_at(r, offset, *data, *size)
			     : elf_refuse(r, "out of memory");
	}
	return err ? err : elf_refuse(r, ".eh_frame is in no segment");
}

static int read_code_segments(struct elf_reader *r, struct cfi_table *out)
{
	_cleanup_(elf_segments_release) struct elf_segments code = {0};
	int err = elf_read_segments(r, PF_X, &code);

	out->segments = err ? NULL : calloc(code.count + 1, sizeof(*out->segments));
	for (size_t i = 0; out->segments && i < code.count; i++)
		out->segments[i] = (struct cfi_segment){code.data[i].address, code.data[i].offset,
							code.data[i].size};
	out->segment_count = out->segments ? code.count : 0;
	return err;
}

static int read_eh_frame(struct elf_reader *r, char **data, struct cfi_section *out)
{
	int err = read_header(r, &out->address);

	err = err ?: read_section(r, out->address, data, &out->size);
	out->data = *data;
	return err;
}

// The bytes are the handle's.
static bool read_debug_frame(const char *path, struct elf_handle *h, struct cfi_section *out)
{
	const char *reason;
	const Elf_Data *d =
	    elf_handle_open(h, path, &reason) ? NULL : debug_section_data(h->elf, "frame");

	if (!d || !d->d_buf || d->d_size > ELF_TABLE_MAX)
		return false;
	*out = (struct cfi_section){.data = d->d_buf, .size = d->d_size, .is_debug = true};
	return true;
}

int cfi_read(const char *path, size_t limit, struct cfi_table *out, const char **reason)
{
	_cleanup_(elf_handle_close) struct elf_handle handle = {.fd = -1};
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};
	_cleanup_free_ char *data = NULL;
	struct cfi_section found[2] = {0};
	size_t count = 0;
	int err = elf_reader_open(&r, path, reason);

	if (!err && (!r.is64 || r.eh.e_machine != EM_X86_64))
		err = elf_refuse(&r, "not a program for x86-64");
	if (err)
		return err;
	err = read_eh_frame(&r, &data, &found[0]);
	count = !err;
	count += read_debug_frame(path, &handle, &found[count]);
	err = count ? read_code_segments(&r, out) : err;
	if (err)
		return err;
	err = cfi_parse(found, count, limit, out);
	if (err)
		*reason = "more rows than there is room for";
	return err;
}
