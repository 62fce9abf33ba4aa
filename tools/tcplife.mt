#!/usr/bin/env mtrace
// tcplife: TCP connections as they end: who, with whom, how much, how long.
//
//     tcplife.mt [-- --port=5432]
//
// PID is who closed it; of a connection that the peer has reset, who was running when it was set
// up: what is accepted is set up by whoever handles the packet. KB are those of the peer's
// acknowledgements and of our own.
//
// tcplife.mt -c "./chores tcp" prints, in part:
//
//     TIME     PID     COMM         LOCAL                  REMOTE                    TX KB    RX KB         ms
//     18:08:25 12282   chores             127.0.0.1:44056        127.0.0.1:52443        97        0     10.899
//     18:08:25 12282   chores             127.0.0.1:52443        127.0.0.1:44056         0       97     10.752
#define AF_INET 2

config = { max_map_keys = 65536; print_maps_on_exit = 0 }

BEGIN
{
	printf("%-8s %-7s %-12s %-22s %-22s %8s %8s %10s\n", "TIME", "PID", "COMM", "LOCAL", "REMOTE",
	       "TX KB", "RX KB", "ms");
}

// 1 ESTABLISHED, 2 SYN_SENT, 3 SYN_RECV, 4 FIN_WAIT1, 7 CLOSE, 9 LAST_ACK
tracepoint:sock:inet_sock_set_state / args.protocol == IPPROTO_TCP /
{
	if (args.newstate == 2 || args.newstate == 3 || (args.newstate == 1 && !@start[args.skaddr])) {
		@start[args.skaddr] = (int64)nsecs;
		@owner[args.skaddr] = (pid, comm);
	}
	if (args.newstate == 4 || args.newstate == 9) { // by the owner's own call
		@owner[args.skaddr] = (pid, comm);
	}
	$from = @start[args.skaddr];
	$port = getopt("port", 0, "only connections with this port");
	if (args.newstate == 7 && $from) {
		if ($port == 0 || args.sport == $port || args.dport == $port) {
			$tp = (struct tcp_sock *)args.skaddr;
			$owner = @owner[args.skaddr];
			printf("%-8s %-7d %-12s ", strftime("%H:%M:%S", nsecs), $owner.0, $owner.1);
			if (args.family == AF_INET) {
				printf("%15s:%-6d %15s:%-6d ", ntop(args.saddr), args.sport, ntop(args.daddr), args.dport);
			} else {
				printf("%15s:%-6d %15s:%-6d ", ntop(args.saddr_v6), args.sport, ntop(args.daddr_v6),
				       args.dport);
			}
			printf("%8d %8d %6d.%03d\n", $tp.bytes_acked / 1024, $tp.bytes_received / 1024,
			       (uint64)((int64)nsecs - $from) / 1000000, ((uint64)((int64)nsecs - $from) / 1000) % 1000);
		}
		_ = delete(@start, args.skaddr);
		_ = delete(@owner, args.skaddr);
	}
}
