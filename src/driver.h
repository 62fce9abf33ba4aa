// driver: the pipeline of DESIGN.md section 2 as a few short functions.
#pragma once

struct options;

// Does what the command line asks for; returns the process's exit status.
int driver_main(const struct options *o);
