BEGIN { printf("hello %d %s %x\n", 1, "two", 3); printf("%s %d %d\n", comm, pid, tid); exit(3) }
