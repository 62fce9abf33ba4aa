// run: the loop while probes are live: records, signals, the end of the traced process, time.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "child.h"

struct output;
struct tracer;

// Signals are caught from run_catch_signals on; what came is kept here.
struct run_signals {
	volatile bool stop;	  // SIGINT, SIGTERM, SIGHUP or SIGQUIT came
	volatile int stop_signal; // the first of them
	volatile unsigned usr1;	  // SIGUSR1s not handled yet
	int wake_fd;		  // eventfd, readable after any of them
};
extern struct run_signals run_signals;

// First Ctrl-C asks for an orderly end, the second ends the process at once.
int run_catch_signals(void); // 0 or -1 after log_error

struct run_options {
	struct child *child; // or NULL
	pid_t pid;	     // -p: tracing ends with it; 0: none
	uint64_t for_ns;     // --for; 0: no limit
	uint64_t delay_ms;   // how long a stream of records is left to gather; 0: not at all
};

// Returns when tracing should end: exit(), a signal, a limit, the traced process is gone.
int run_loop(struct tracer *t, struct output *o, const struct run_options *opts);
