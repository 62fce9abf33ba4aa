#!/usr/bin/env mtrace
// signals: who sends which signal to whom, and whether it was delivered.
//
//     signals.mt [-- --signal=9]
//
// signals.mt prints, in part:
//
//     TIME     FROM            PID     SIGNAL     TO              PID     RESULT
//     18:06:28 ls              8247    Child exited bashcopy      8242    delivered
//     18:06:28 bashcopy        8252    Terminated bashcopy        8252    delivered
BEGIN
{
	printf("%-8s %-15s %-7s %-10s %-15s %-7s %s\n", "TIME", "FROM", "PID", "SIGNAL", "TO",
	       "PID", "RESULT");
}

tracepoint:signal:signal_generate
{
	$wanted = getopt("signal", 0, "only this number");
	if ($wanted == 0 || args.sig == $wanted) {
		$result = args.result == 0 ? "delivered" : args.result == 1 ? "ignored" :
		          args.result == 2 ? "already pending" : "lost";
		printf("%-8s %-15s %-7d %-10s %-15s %-7d %s\n", strftime("%H:%M:%S", nsecs), comm, pid,
		       signal_name(args.sig), args.comm, args.pid, $result);
	}
}
