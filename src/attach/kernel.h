// kernel: what the two providers of kernel functions share. Private to attach.
#pragma once

#include "attach/batch.h"

struct prog_kind kernel_kind(const struct unit *u, bool ret);
unsigned kernel_link_count(const struct program *p, const struct unit *u);
unsigned kernel_program_count(const struct program *p, const struct unit *u);
const char *kernel_unfit(const struct unit *u, const struct target *t);
// "kprobe_multi: not built into this kernel"
const char *kernel_missing(struct program *p, const struct features *f, enum feature which);

// Targets from `from` on that are of one BTF object (vmlinux or one module): where they end.
uint32_t kernel_object_end(const struct program *p, const struct unit *u, uint32_t from);

bool kernel_blames_target(int err);
const char *kernel_reason(int err);
// 0, or -1 after saying what is wrong, unless a feature was struck.
int kernel_finish(struct attach_job *job, int err);
// kprobe.c: by address or name, whatever the type of the probe.
int kprobe_attach(struct attach_job *job);
