// bpf_object: a tiny assembler for tests: BPF instructions in, the ELF object that emit would
// make out. What load.c is given in production comes from LLVM; this needs none of it.
#pragma once

#include <elf.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { OBJECT_PROGRAMS_MAX = 16, OBJECT_INSNS_MAX = 64 };

struct test_program {
	const char *name;
	struct bpf_insn insns[OBJECT_INSNS_MAX];
	size_t count;
};
struct test_object {
	struct test_program programs[OBJECT_PROGRAMS_MAX];
	size_t count;
};

static inline struct test_program *object_program(struct test_object *o, const char *name)
{
	struct test_program *p = &o->programs[o->count++];

	p->name = name;
	p->count = 0;
	return p;
}

static inline void insn(struct test_program *p, unsigned code, unsigned dst, unsigned src, int off,
			int imm)
{
	p->insns[p->count++] = (struct bpf_insn){.code = (unsigned char)code,
						 .dst_reg = dst & 15,
						 .src_reg = src & 15,
						 .off = (short)off,
						 .imm = imm};
}
static inline void insn_mov(struct test_program *p, unsigned dst, int imm)
{
	insn(p, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm);
}
static inline void insn_mov_reg(struct test_program *p, unsigned dst, unsigned src)
{
	insn(p, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}
static inline void insn_call(struct test_program *p, int helper)
{
	insn(p, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}
static inline void insn_map(struct test_program *p, unsigned dst, int map_id)
{
	insn(p, BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, map_id);
	insn(p, 0, 0, 0, 0, 0);
}
static inline void insn_exit(struct test_program *p, int value)
{
	insn_mov(p, 0, value);
	insn(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}
// map 0 [ key in r0 ] += 1, then return 0
static inline void insn_count(struct test_program *p)
{
	insn(p, BPF_STX | BPF_MEM | BPF_W, 10, 0, -4, 0);
	insn_map(p, 1, 0);
	insn_mov_reg(p, 2, 10);
	insn(p, BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4);
	insn_call(p, BPF_FUNC_map_lookup_elem);
	insn(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2, 0);
	insn_mov(p, 1, 1);
	insn(p, BPF_STX | BPF_ATOMIC | BPF_DW, 0, 1, 0, BPF_ADD);
	insn_exit(p, 0);
}

struct object_writer {
	char *data;
	size_t len;
};

static inline size_t object_put(struct object_writer *w, const void *data, size_t n)
{
	size_t at = (w->len + 7) & ~(size_t)7;

	w->data = realloc(w->data, at + n + 1);
	memset(w->data + w->len, 0, at - w->len);
	memcpy(w->data + at, data, n);
	w->len = at + n;
	return at;
}

static inline unsigned object_name(char *table, size_t *len, const char *prefix, const char *name)
{
	size_t at = *len;

	*len += (size_t)sprintf(table + at, "%s%s", prefix, name) + 1;
	return (unsigned)at;
}

// Sections: null, license, one per program, .symtab, .strtab (also for section names).
static inline struct object object_finish(const struct test_object *o)
{
	struct object_writer w = {0};
	Elf64_Ehdr eh = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
			 .e_type = ET_REL,
			 .e_machine = EM_BPF,
			 .e_version = EV_CURRENT,
			 .e_ehsize = sizeof(eh),
			 .e_shentsize = sizeof(Elf64_Shdr)};
	Elf64_Shdr sh[OBJECT_PROGRAMS_MAX + 4] = {0};
	Elf64_Sym sym[OBJECT_PROGRAMS_MAX + 1] = {0};
	char names[4096] = "";
	size_t names_len = 1, n = 1;

	object_put(&w, &eh, sizeof(eh));
	sh[n++] = (Elf64_Shdr){.sh_name = object_name(names, &names_len, "", "license"),
			       .sh_type = SHT_PROGBITS,
			       .sh_flags = SHF_ALLOC,
			       .sh_offset = object_put(&w, "GPL", 4),
			       .sh_size = 4,
			       .sh_addralign = 1};
	for (size_t i = 0; i < o->count; i++) {
		const struct test_program *p = &o->programs[i];
		size_t size = p->count * sizeof(p->insns[0]);
		sym[i + 1] = (Elf64_Sym){.st_name = object_name(names, &names_len, "", p->name),
					 .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
					 .st_shndx = (Elf64_Section)n,
					 .st_size = size};
		sh[n++] = (Elf64_Shdr){
		    .sh_name = object_name(names, &names_len, PROGRAM_SECTION_PREFIX, p->name),
		    .sh_type = SHT_PROGBITS,
		    .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
		    .sh_offset = object_put(&w, p->insns, size),
		    .sh_size = size,
		    .sh_addralign = 8};
	}
	sh[n] = (Elf64_Shdr){.sh_name = object_name(names, &names_len, "", ".symtab"),
			     .sh_type = SHT_SYMTAB,
			     .sh_offset = object_put(&w, sym, (o->count + 1) * sizeof(sym[0])),
			     .sh_size = (o->count + 1) * sizeof(sym[0]),
			     .sh_link = (Elf64_Word)n + 1,
			     .sh_info = 1,
			     .sh_addralign = 8,
			     .sh_entsize = sizeof(sym[0])};
	n++;
	sh[n].sh_name = object_name(names, &names_len, "", ".strtab");
	sh[n].sh_type = SHT_STRTAB;
	sh[n].sh_offset = object_put(&w, names, names_len);
	sh[n].sh_size = names_len;
	sh[n].sh_addralign = 1;
	eh.e_shstrndx = (Elf64_Half)n++;
	eh.e_shnum = (Elf64_Half)n;
	eh.e_shoff = object_put(&w, sh, n * sizeof(sh[0]));
	memcpy(w.data, &eh, sizeof(eh));
	return (struct object){w.data, w.len};
}
