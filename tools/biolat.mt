#!/usr/bin/env mtrace
// biolat: how long block devices take, a histogram per device and direction; slow ones as they end.
//
//     biolat.mt [--for 10] [-- --ms=100]
//
// From the moment the request goes to the device (block_rq_issue) to its completion. Devices are
// MAJOR:MINOR as in lsblk.
//
// biolat.mt --for 2 prints, in part:
//
//     @us[254, 0, R]:
//     [128, 256)             2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
//
//     @us[254, 0, W]:
//     [64, 128)              1 |@@                                                  |
//     [128, 256)             4 |@@@@@@@@@@                                          |
//     [256, 512)            20 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
//     [512, 1K)              5 |@@@@@@@@@@@@@                                       |
config = { max_map_keys = 65536; print_maps_on_exit = 0 }

tracepoint:block:block_rq_issue
{
	@start[args.dev, args.sector] = (int64)nsecs;
}

tracepoint:block:block_rq_complete / @start[args.dev, args.sector] /
{
	$ns = (uint64)((int64)nsecs - @start[args.dev, args.sector]);
	_ = delete(@start, (args.dev, args.sector));
	@us[args.dev >> 20, args.dev & 0xfffff, str(args.rwbs, 2)] = hist($ns / 1000);
	if ($ns >= getopt("ms", 100, "say when a request takes this long") * 1000000) {
		printf("%-8s %d:%-4d %-4s %10d sectors at %-12d %6d.%03d ms\n", strftime("%H:%M:%S", nsecs),
		       args.dev >> 20, args.dev & 0xfffff, str(args.rwbs), args.nr_sector, args.sector,
		       $ns / 1000000, ($ns / 1000) % 1000);
	}
}

END
{
	print(@us);
}
