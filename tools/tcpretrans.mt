#!/usr/bin/env mtrace
// tcpretrans: segments that TCP had to send again, and in which state of the connection.
//
//     tcpretrans.mt
//
// Retransmissions are the first sign of a lossy path or of a full queue; nothing is hooked but the
// kernel's own tracepoint, so that a busy server does not notice.
#define AF_INET 2

BEGIN
{
	printf("%-8s %24s %24s  %s\n", "TIME", "LOCAL", "REMOTE", "STATE");
}

tracepoint:tcp:tcp_retransmit_skb
{
	$s = args.state;
	$state = $s == 1 ? "established" : $s == 2 ? "syn sent" : $s == 3 ? "syn received" :
	         $s == 4 ? "fin wait 1" : $s == 5 ? "fin wait 2" : $s == 8 ? "close wait" :
	         $s == 9 ? "last ack" : $s == 11 ? "closing" : "other";
	printf("%-8s ", strftime("%H:%M:%S", nsecs));
	if (args.family == AF_INET) {
		printf("%17s:%-6d %17s:%-6d  ", ntop(args.saddr), args.sport, ntop(args.daddr), args.dport);
	} else {
		printf("%17s:%-6d %17s:%-6d  ", ntop(args.saddr_v6), args.sport, ntop(args.daddr_v6),
		       args.dport);
	}
	printf("%s\n", $state);
	@by_state[$state] = count();
}
