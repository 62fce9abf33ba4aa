uprobe:/bin/true:main /pid == 3/ { @[func, probe] = count(); printf("%d %d %s %s\n", arg0, arg5, func, str(arg1)); @u[ustack] = count(); @us = ustack(3); print(ustack(raw, 3)); printf("%d\n", reg("ip")); signal(9); }
uretprobe:/bin/true:main /retval > 0/ { @r = retval; printf("%s", probe); }
interval:ms:10 { print(@r); }
