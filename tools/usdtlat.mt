#!/usr/bin/env mtrace
// usdtlat: time between two USDT probes of a program, per thread: queries, requests, collections.
//
//     usdtlat.mt PATH PROVIDER START DONE
//     usdtlat.mt /usr/lib/postgresql/15/bin/postgres postgresql query__start query__done
//     usdtlat.mt ./python3 python gc__start gc__done
//
// A histogram at the end, and each one that took at least --ms as it happens, with the first
// argument of START when that is text (--text).
config = { print_maps_on_exit = 0 }

usdt:$1:$2:$3
{
	@start[tid] = (int64)nsecs;
	@text[tid] = getopt("text", false, "the first argument of START is a string") ? str(arg0, 128) : "";
}

usdt:$1:$2:$4 / @start[tid] /
{
	$ns = (uint64)((int64)nsecs - @start[tid]);
	@us = hist($ns / 1000);
	if ($ns >= getopt("ms", 100, "say when it takes this long") * 1000000) {
		printf("%-8s %-7d %-15s %6d.%03d ms  %s\n", strftime("%H:%M:%S", nsecs), tid, comm,
		       $ns / 1000000, ($ns / 1000) % 1000, @text[tid]);
	}
	_ = delete(@start, tid);
	_ = delete(@text, tid);
}

END
{
	print(@us);
}
