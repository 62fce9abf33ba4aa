//--- members
begin { $p = (struct list_head *)0; print($p.next.prev); print(*$p.next); }
//--- sizes and offsets are constants
begin { print(sizeof(struct list_head)); print(offsetof(struct list_head, prev)); print(sizeof(pid_t)); }
//--- enums
begin { $x = PIDTYPE_TGID; print($x); print($x == PIDTYPE_PID); }
//--- arguments
fentry:vfs_read { print(args.count); print(args->file.f_pos); }
//--- the result
fexit:vfs_read { print(retval); }
//--- a packet to a file
fentry:vfs_read { $r = skboutput("a.pcap", args.file, args.count, 14); print($r); }
//--- ppid is a walk
begin { print(ppid); }
