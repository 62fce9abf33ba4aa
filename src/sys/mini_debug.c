// mini_debug.c: in goes a program; out comes the ELF that is packed in its .gnu_debugdata.
//
// The section is hostile: what it claims to need, and what it unpacks to, is bounded.
#include "sys/mini_debug.h"

#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"

#ifdef MTRACE_HAVE_LZMA
#include <lzma.h>

enum {
	PACKED_MAX = 64 << 20,
	UNPACKED_MAX = 256 << 20,
	CHUNK = 1 << 16,
	DECODER_MAX = 128 << 20, // bytes of memory that xz may use
};

static bool has_name(struct elf_reader *r, const Elf64_Shdr *names, const Elf64_Shdr *h)
{
	static const char wanted[] = ".gnu_debugdata";
	char name[sizeof(wanted)];

	if (h->sh_type != SHT_PROGBITS || h->sh_name > names->sh_size ||
	    names->sh_size - h->sh_name < sizeof(name) ||
	    !elf_in_file(r, names->sh_offset, names->sh_size))
		return false;
	return !elf_read_at(r, names->sh_offset + h->sh_name, name, sizeof(name)) &&
	       !memcmp(name, wanted, sizeof(wanted));
}

static bool find_section(struct elf_reader *r, Elf64_Shdr *out)
{
	Elf64_Shdr names;
	uint64_t at = r->eh.e_shstrndx;

	if (at == SHN_XINDEX && r->shnum && !elf_read_shdr(r, 0, &names))
		at = names.sh_link;
	if (at >= r->shnum || elf_read_shdr(r, at, &names))
		return false;
	for (uint64_t i = 1; i < r->shnum; i++)
		if (!elf_read_shdr(r, i, out) && has_name(r, &names, out))
			return elf_in_file(r, out->sh_offset, out->sh_size) &&
			       out->sh_size <= PACKED_MAX;
	return false;
}

static bool put(int fd, const uint8_t *data, size_t len, size_t *total)
{
	*total += len;
	return *total <= UNPACKED_MAX && write(fd, data, len) == (ssize_t)len;
}

static bool unpack(const uint8_t *packed, size_t len, int fd)
{
	_cleanup_free_ uint8_t *chunk = malloc(CHUNK);
	lzma_stream xz = LZMA_STREAM_INIT;
	size_t total = 0;
	lzma_ret state = lzma_stream_decoder(&xz, DECODER_MAX, 0);
	bool good = chunk && state == LZMA_OK;

	xz.next_in = packed;
	xz.avail_in = len;
	while (good && state == LZMA_OK) {
		xz.next_out = chunk;
		xz.avail_out = CHUNK;
		state = lzma_code(&xz, LZMA_FINISH);
		good = (state == LZMA_OK || state == LZMA_STREAM_END) &&
		       put(fd, chunk, CHUNK - xz.avail_out, &total);
	}
	lzma_end(&xz);
	return good;
}

int mini_debug_open(struct elf_reader *program)
{
	_cleanup_free_ uint8_t *packed = NULL;
	_cleanup_close_ int fd = -1;
	Elf64_Shdr h;

	if (!find_section(program, &h))
		return -1;
	packed = malloc(h.sh_size + 1);
	if (!packed || elf_read_at(program, h.sh_offset, packed, h.sh_size))
		return -1;
	fd = memfd_create("gnu_debugdata", MFD_CLOEXEC);
	if (fd < 0 || !unpack(packed, h.sh_size, fd))
		return -1;
	return TAKE_FD(fd);
}
#else
int mini_debug_open(struct elf_reader *program)
{
	(void)program;
	return -1;
}
#endif
