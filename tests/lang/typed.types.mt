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
//--- ppid is a walk
begin { print(ppid); }
