// stack_memo: the other half of codegen/stack_memo.c: answers a program that asks how to recognise
// a kernel stack.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/abi.h"

struct output;

// In which words (of stack, lowest first) are the addresses, from the own'th of n on? False: some
// may not be the one that the kernel found, or there is no room. Fills slots and slot[].
bool memo_learn(struct stack_memo *m, const uint64_t *addresses, size_t n, size_t own,
		const uint64_t *words, size_t count);
// record: a struct rec_stack, or less.
void memo_answer(struct output *o, const void *record, size_t size);
