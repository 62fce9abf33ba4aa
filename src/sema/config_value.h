// config_value: the configuration as the script reads it: `config.max_strlen`.
#pragma once

#include "compiler.h"

const char *config_name(size_t i); // NULL past the last one
// Makes *e the literal; false: no such option.
bool config_literal(const struct config *cfg, const char *name, struct expr *e);
