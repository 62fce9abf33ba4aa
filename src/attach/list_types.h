// list_types: -l and -lv for types of the kernel, "struct task_struct", "enum pid*".
#pragma once

#include <stdbool.h>
#include <stdio.h>

// "struct X", "union X", "enum X", where X may be a glob?
bool is_type_pattern(const char *pattern);
// Names, or with verbose definitions as C. 0, or 1 after log_error.
int list_types(const char *root, const char *pattern, bool verbose, FILE *out);
