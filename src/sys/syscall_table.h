// syscall_table: the system calls that have ever had a number on x86-64 or arm64, as rows of
// syscalls.c. NAMED rows take the number from the headers that mtrace is built with, which
// is the architecture's own; FIXED ones (all since Linux 5.1) have one number everywhere
// (offset on alpha, x32), so that a build on old headers names the calls of new kernels.
// Names and numbers are the kernel's ABI (include/uapi/asm-generic/unistd.h).
#if defined(__x86_64__)
FIXED(335, uretprobe)
FIXED(336, uprobe)
#endif
FIXED(424, pidfd_send_signal)
FIXED(425, io_uring_setup)
FIXED(426, io_uring_enter)
FIXED(427, io_uring_register)
FIXED(428, open_tree)
FIXED(429, move_mount)
FIXED(430, fsopen)
FIXED(431, fsconfig)
FIXED(432, fsmount)
FIXED(433, fspick)
FIXED(434, pidfd_open)
FIXED(435, clone3)
FIXED(436, close_range)
FIXED(437, openat2)
FIXED(438, pidfd_getfd)
FIXED(439, faccessat2)
FIXED(440, process_madvise)
FIXED(441, epoll_pwait2)
FIXED(442, mount_setattr)
FIXED(443, quotactl_fd)
FIXED(444, landlock_create_ruleset)
FIXED(445, landlock_add_rule)
FIXED(446, landlock_restrict_self)
FIXED(447, memfd_secret)
FIXED(448, process_mrelease)
FIXED(449, futex_waitv)
FIXED(450, set_mempolicy_home_node)
FIXED(451, cachestat)
FIXED(452, fchmodat2)
FIXED(453, map_shadow_stack)
FIXED(454, futex_wake)
FIXED(455, futex_wait)
FIXED(456, futex_requeue)
FIXED(457, statmount)
FIXED(458, listmount)
FIXED(459, lsm_get_self_attr)
FIXED(460, lsm_set_self_attr)
FIXED(461, lsm_list_modules)
FIXED(462, mseal)
FIXED(463, setxattrat)
FIXED(464, getxattrat)
FIXED(465, listxattrat)
FIXED(466, removexattrat)
FIXED(467, open_tree_attr)
FIXED(468, file_getattr)
FIXED(469, file_setattr)
FIXED(470, listns)
#ifdef __NR_accept
NAMED(accept)
#endif
#ifdef __NR_accept4
NAMED(accept4)
#endif
#ifdef __NR_access
NAMED(access)
#endif
#ifdef __NR_acct
NAMED(acct)
#endif
#ifdef __NR_add_key
NAMED(add_key)
#endif
#ifdef __NR_adjtimex
NAMED(adjtimex)
#endif
#ifdef __NR_afs_syscall
NAMED(afs_syscall)
#endif
#ifdef __NR_alarm
NAMED(alarm)
#endif
#ifdef __NR_arch_prctl
NAMED(arch_prctl)
#endif
#ifdef __NR_bind
NAMED(bind)
#endif
#ifdef __NR_bpf
NAMED(bpf)
#endif
#ifdef __NR_brk
NAMED(brk)
#endif
#ifdef __NR_capget
NAMED(capget)
#endif
#ifdef __NR_capset
NAMED(capset)
#endif
#ifdef __NR_chdir
NAMED(chdir)
#endif
#ifdef __NR_chmod
NAMED(chmod)
#endif
#ifdef __NR_chown
NAMED(chown)
#endif
#ifdef __NR_chroot
NAMED(chroot)
#endif
#ifdef __NR_clock_adjtime
NAMED(clock_adjtime)
#endif
#ifdef __NR_clock_adjtime64
NAMED(clock_adjtime64)
#endif
#ifdef __NR_clock_getres
NAMED(clock_getres)
#endif
#ifdef __NR_clock_getres_time64
NAMED(clock_getres_time64)
#endif
#ifdef __NR_clock_gettime
NAMED(clock_gettime)
#endif
#ifdef __NR_clock_gettime64
NAMED(clock_gettime64)
#endif
#ifdef __NR_clock_nanosleep
NAMED(clock_nanosleep)
#endif
#ifdef __NR_clock_nanosleep_time64
NAMED(clock_nanosleep_time64)
#endif
#ifdef __NR_clock_settime
NAMED(clock_settime)
#endif
#ifdef __NR_clock_settime64
NAMED(clock_settime64)
#endif
#ifdef __NR_clone
NAMED(clone)
#endif
#ifdef __NR_close
NAMED(close)
#endif
#ifdef __NR_connect
NAMED(connect)
#endif
#ifdef __NR_copy_file_range
NAMED(copy_file_range)
#endif
#ifdef __NR_creat
NAMED(creat)
#endif
#ifdef __NR_create_module
NAMED(create_module)
#endif
#ifdef __NR_delete_module
NAMED(delete_module)
#endif
#ifdef __NR_dup
NAMED(dup)
#endif
#ifdef __NR_dup2
NAMED(dup2)
#endif
#ifdef __NR_dup3
NAMED(dup3)
#endif
#ifdef __NR_epoll_create
NAMED(epoll_create)
#endif
#ifdef __NR_epoll_create1
NAMED(epoll_create1)
#endif
#ifdef __NR_epoll_ctl
NAMED(epoll_ctl)
#endif
#ifdef __NR_epoll_ctl_old
NAMED(epoll_ctl_old)
#endif
#ifdef __NR_epoll_pwait
NAMED(epoll_pwait)
#endif
#ifdef __NR_epoll_wait
NAMED(epoll_wait)
#endif
#ifdef __NR_epoll_wait_old
NAMED(epoll_wait_old)
#endif
#ifdef __NR_eventfd
NAMED(eventfd)
#endif
#ifdef __NR_eventfd2
NAMED(eventfd2)
#endif
#ifdef __NR_execve
NAMED(execve)
#endif
#ifdef __NR_execveat
NAMED(execveat)
#endif
#ifdef __NR_exit
NAMED(exit)
#endif
#ifdef __NR_exit_group
NAMED(exit_group)
#endif
#ifdef __NR_faccessat
NAMED(faccessat)
#endif
#ifdef __NR_fadvise64
NAMED(fadvise64)
#endif
#ifdef __NR_fallocate
NAMED(fallocate)
#endif
#ifdef __NR_fanotify_init
NAMED(fanotify_init)
#endif
#ifdef __NR_fanotify_mark
NAMED(fanotify_mark)
#endif
#ifdef __NR_fchdir
NAMED(fchdir)
#endif
#ifdef __NR_fchmod
NAMED(fchmod)
#endif
#ifdef __NR_fchmodat
NAMED(fchmodat)
#endif
#ifdef __NR_fchown
NAMED(fchown)
#endif
#ifdef __NR_fchownat
NAMED(fchownat)
#endif
#ifdef __NR_fcntl
NAMED(fcntl)
#endif
#ifdef __NR_fdatasync
NAMED(fdatasync)
#endif
#ifdef __NR_fgetxattr
NAMED(fgetxattr)
#endif
#ifdef __NR_finit_module
NAMED(finit_module)
#endif
#ifdef __NR_flistxattr
NAMED(flistxattr)
#endif
#ifdef __NR_flock
NAMED(flock)
#endif
#ifdef __NR_fork
NAMED(fork)
#endif
#ifdef __NR_fremovexattr
NAMED(fremovexattr)
#endif
#ifdef __NR_fsetxattr
NAMED(fsetxattr)
#endif
#ifdef __NR_fstat
NAMED(fstat)
#endif
#ifdef __NR_fstatat
NAMED(fstatat)
#endif
#ifdef __NR_fstatfs
NAMED(fstatfs)
#endif
#ifdef __NR_fsync
NAMED(fsync)
#endif
#ifdef __NR_ftruncate
NAMED(ftruncate)
#endif
#ifdef __NR_futex
NAMED(futex)
#endif
#ifdef __NR_futex_time64
NAMED(futex_time64)
#endif
#ifdef __NR_futimesat
NAMED(futimesat)
#endif
#ifdef __NR_get_kernel_syms
NAMED(get_kernel_syms)
#endif
#ifdef __NR_get_mempolicy
NAMED(get_mempolicy)
#endif
#ifdef __NR_get_robust_list
NAMED(get_robust_list)
#endif
#ifdef __NR_get_thread_area
NAMED(get_thread_area)
#endif
#ifdef __NR_getcpu
NAMED(getcpu)
#endif
#ifdef __NR_getcwd
NAMED(getcwd)
#endif
#ifdef __NR_getdents
NAMED(getdents)
#endif
#ifdef __NR_getdents64
NAMED(getdents64)
#endif
#ifdef __NR_getegid
NAMED(getegid)
#endif
#ifdef __NR_geteuid
NAMED(geteuid)
#endif
#ifdef __NR_getgid
NAMED(getgid)
#endif
#ifdef __NR_getgroups
NAMED(getgroups)
#endif
#ifdef __NR_getitimer
NAMED(getitimer)
#endif
#ifdef __NR_getpeername
NAMED(getpeername)
#endif
#ifdef __NR_getpgid
NAMED(getpgid)
#endif
#ifdef __NR_getpgrp
NAMED(getpgrp)
#endif
#ifdef __NR_getpid
NAMED(getpid)
#endif
#ifdef __NR_getpmsg
NAMED(getpmsg)
#endif
#ifdef __NR_getppid
NAMED(getppid)
#endif
#ifdef __NR_getpriority
NAMED(getpriority)
#endif
#ifdef __NR_getrandom
NAMED(getrandom)
#endif
#ifdef __NR_getresgid
NAMED(getresgid)
#endif
#ifdef __NR_getresuid
NAMED(getresuid)
#endif
#ifdef __NR_getrlimit
NAMED(getrlimit)
#endif
#ifdef __NR_getrusage
NAMED(getrusage)
#endif
#ifdef __NR_getsid
NAMED(getsid)
#endif
#ifdef __NR_getsockname
NAMED(getsockname)
#endif
#ifdef __NR_getsockopt
NAMED(getsockopt)
#endif
#ifdef __NR_gettid
NAMED(gettid)
#endif
#ifdef __NR_gettimeofday
NAMED(gettimeofday)
#endif
#ifdef __NR_getuid
NAMED(getuid)
#endif
#ifdef __NR_getxattr
NAMED(getxattr)
#endif
#ifdef __NR_init_module
NAMED(init_module)
#endif
#ifdef __NR_inotify_add_watch
NAMED(inotify_add_watch)
#endif
#ifdef __NR_inotify_init
NAMED(inotify_init)
#endif
#ifdef __NR_inotify_init1
NAMED(inotify_init1)
#endif
#ifdef __NR_inotify_rm_watch
NAMED(inotify_rm_watch)
#endif
#ifdef __NR_io_cancel
NAMED(io_cancel)
#endif
#ifdef __NR_io_destroy
NAMED(io_destroy)
#endif
#ifdef __NR_io_getevents
NAMED(io_getevents)
#endif
#ifdef __NR_io_pgetevents
NAMED(io_pgetevents)
#endif
#ifdef __NR_io_pgetevents_time64
NAMED(io_pgetevents_time64)
#endif
#ifdef __NR_io_setup
NAMED(io_setup)
#endif
#ifdef __NR_io_submit
NAMED(io_submit)
#endif
#ifdef __NR_ioctl
NAMED(ioctl)
#endif
#ifdef __NR_ioperm
NAMED(ioperm)
#endif
#ifdef __NR_iopl
NAMED(iopl)
#endif
#ifdef __NR_ioprio_get
NAMED(ioprio_get)
#endif
#ifdef __NR_ioprio_set
NAMED(ioprio_set)
#endif
#ifdef __NR_kcmp
NAMED(kcmp)
#endif
#ifdef __NR_kexec_file_load
NAMED(kexec_file_load)
#endif
#ifdef __NR_kexec_load
NAMED(kexec_load)
#endif
#ifdef __NR_keyctl
NAMED(keyctl)
#endif
#ifdef __NR_kill
NAMED(kill)
#endif
#ifdef __NR_lchown
NAMED(lchown)
#endif
#ifdef __NR_lgetxattr
NAMED(lgetxattr)
#endif
#ifdef __NR_link
NAMED(link)
#endif
#ifdef __NR_linkat
NAMED(linkat)
#endif
#ifdef __NR_listen
NAMED(listen)
#endif
#ifdef __NR_listxattr
NAMED(listxattr)
#endif
#ifdef __NR_llistxattr
NAMED(llistxattr)
#endif
#ifdef __NR_lookup_dcookie
NAMED(lookup_dcookie)
#endif
#ifdef __NR_lremovexattr
NAMED(lremovexattr)
#endif
#ifdef __NR_lseek
NAMED(lseek)
#endif
#ifdef __NR_lsetxattr
NAMED(lsetxattr)
#endif
#ifdef __NR_lstat
NAMED(lstat)
#endif
#ifdef __NR_madvise
NAMED(madvise)
#endif
#ifdef __NR_mbind
NAMED(mbind)
#endif
#ifdef __NR_membarrier
NAMED(membarrier)
#endif
#ifdef __NR_memfd_create
NAMED(memfd_create)
#endif
#ifdef __NR_migrate_pages
NAMED(migrate_pages)
#endif
#ifdef __NR_mincore
NAMED(mincore)
#endif
#ifdef __NR_mkdir
NAMED(mkdir)
#endif
#ifdef __NR_mkdirat
NAMED(mkdirat)
#endif
#ifdef __NR_mknod
NAMED(mknod)
#endif
#ifdef __NR_mknodat
NAMED(mknodat)
#endif
#ifdef __NR_mlock
NAMED(mlock)
#endif
#ifdef __NR_mlock2
NAMED(mlock2)
#endif
#ifdef __NR_mlockall
NAMED(mlockall)
#endif
#ifdef __NR_mmap
NAMED(mmap)
#endif
#ifdef __NR_modify_ldt
NAMED(modify_ldt)
#endif
#ifdef __NR_mount
NAMED(mount)
#endif
#ifdef __NR_move_pages
NAMED(move_pages)
#endif
#ifdef __NR_mprotect
NAMED(mprotect)
#endif
#ifdef __NR_mq_getsetattr
NAMED(mq_getsetattr)
#endif
#ifdef __NR_mq_notify
NAMED(mq_notify)
#endif
#ifdef __NR_mq_open
NAMED(mq_open)
#endif
#ifdef __NR_mq_timedreceive
NAMED(mq_timedreceive)
#endif
#ifdef __NR_mq_timedreceive_time64
NAMED(mq_timedreceive_time64)
#endif
#ifdef __NR_mq_timedsend
NAMED(mq_timedsend)
#endif
#ifdef __NR_mq_timedsend_time64
NAMED(mq_timedsend_time64)
#endif
#ifdef __NR_mq_unlink
NAMED(mq_unlink)
#endif
#ifdef __NR_mremap
NAMED(mremap)
#endif
#ifdef __NR_msgctl
NAMED(msgctl)
#endif
#ifdef __NR_msgget
NAMED(msgget)
#endif
#ifdef __NR_msgrcv
NAMED(msgrcv)
#endif
#ifdef __NR_msgsnd
NAMED(msgsnd)
#endif
#ifdef __NR_msync
NAMED(msync)
#endif
#ifdef __NR_munlock
NAMED(munlock)
#endif
#ifdef __NR_munlockall
NAMED(munlockall)
#endif
#ifdef __NR_munmap
NAMED(munmap)
#endif
#ifdef __NR_name_to_handle_at
NAMED(name_to_handle_at)
#endif
#ifdef __NR_nanosleep
NAMED(nanosleep)
#endif
#ifdef __NR_newfstatat
NAMED(newfstatat)
#endif
#ifdef __NR_nfsservctl
NAMED(nfsservctl)
#endif
#ifdef __NR_open
NAMED(open)
#endif
#ifdef __NR_open_by_handle_at
NAMED(open_by_handle_at)
#endif
#ifdef __NR_openat
NAMED(openat)
#endif
#ifdef __NR_pause
NAMED(pause)
#endif
#ifdef __NR_perf_event_open
NAMED(perf_event_open)
#endif
#ifdef __NR_personality
NAMED(personality)
#endif
#ifdef __NR_pipe
NAMED(pipe)
#endif
#ifdef __NR_pipe2
NAMED(pipe2)
#endif
#ifdef __NR_pivot_root
NAMED(pivot_root)
#endif
#ifdef __NR_pkey_alloc
NAMED(pkey_alloc)
#endif
#ifdef __NR_pkey_free
NAMED(pkey_free)
#endif
#ifdef __NR_pkey_mprotect
NAMED(pkey_mprotect)
#endif
#ifdef __NR_poll
NAMED(poll)
#endif
#ifdef __NR_ppoll
NAMED(ppoll)
#endif
#ifdef __NR_ppoll_time64
NAMED(ppoll_time64)
#endif
#ifdef __NR_prctl
NAMED(prctl)
#endif
#ifdef __NR_pread64
NAMED(pread64)
#endif
#ifdef __NR_preadv
NAMED(preadv)
#endif
#ifdef __NR_preadv2
NAMED(preadv2)
#endif
#ifdef __NR_prlimit64
NAMED(prlimit64)
#endif
#ifdef __NR_process_vm_readv
NAMED(process_vm_readv)
#endif
#ifdef __NR_process_vm_writev
NAMED(process_vm_writev)
#endif
#ifdef __NR_pselect6
NAMED(pselect6)
#endif
#ifdef __NR_pselect6_time64
NAMED(pselect6_time64)
#endif
#ifdef __NR_ptrace
NAMED(ptrace)
#endif
#ifdef __NR_putpmsg
NAMED(putpmsg)
#endif
#ifdef __NR_pwrite64
NAMED(pwrite64)
#endif
#ifdef __NR_pwritev
NAMED(pwritev)
#endif
#ifdef __NR_pwritev2
NAMED(pwritev2)
#endif
#ifdef __NR_query_module
NAMED(query_module)
#endif
#ifdef __NR_quotactl
NAMED(quotactl)
#endif
#ifdef __NR_read
NAMED(read)
#endif
#ifdef __NR_readahead
NAMED(readahead)
#endif
#ifdef __NR_readlink
NAMED(readlink)
#endif
#ifdef __NR_readlinkat
NAMED(readlinkat)
#endif
#ifdef __NR_readv
NAMED(readv)
#endif
#ifdef __NR_reboot
NAMED(reboot)
#endif
#ifdef __NR_recvfrom
NAMED(recvfrom)
#endif
#ifdef __NR_recvmmsg
NAMED(recvmmsg)
#endif
#ifdef __NR_recvmmsg_time64
NAMED(recvmmsg_time64)
#endif
#ifdef __NR_recvmsg
NAMED(recvmsg)
#endif
#ifdef __NR_remap_file_pages
NAMED(remap_file_pages)
#endif
#ifdef __NR_removexattr
NAMED(removexattr)
#endif
#ifdef __NR_rename
NAMED(rename)
#endif
#ifdef __NR_renameat
NAMED(renameat)
#endif
#ifdef __NR_renameat2
NAMED(renameat2)
#endif
#ifdef __NR_request_key
NAMED(request_key)
#endif
#ifdef __NR_restart_syscall
NAMED(restart_syscall)
#endif
#ifdef __NR_riscv_flush_icache
NAMED(riscv_flush_icache)
#endif
#ifdef __NR_riscv_hwprobe
NAMED(riscv_hwprobe)
#endif
#ifdef __NR_rmdir
NAMED(rmdir)
#endif
#ifdef __NR_rseq
NAMED(rseq)
#endif
#ifdef __NR_rt_sigaction
NAMED(rt_sigaction)
#endif
#ifdef __NR_rt_sigpending
NAMED(rt_sigpending)
#endif
#ifdef __NR_rt_sigprocmask
NAMED(rt_sigprocmask)
#endif
#ifdef __NR_rt_sigqueueinfo
NAMED(rt_sigqueueinfo)
#endif
#ifdef __NR_rt_sigreturn
NAMED(rt_sigreturn)
#endif
#ifdef __NR_rt_sigsuspend
NAMED(rt_sigsuspend)
#endif
#ifdef __NR_rt_sigtimedwait
NAMED(rt_sigtimedwait)
#endif
#ifdef __NR_rt_sigtimedwait_time64
NAMED(rt_sigtimedwait_time64)
#endif
#ifdef __NR_rt_tgsigqueueinfo
NAMED(rt_tgsigqueueinfo)
#endif
#ifdef __NR_sched_get_priority_max
NAMED(sched_get_priority_max)
#endif
#ifdef __NR_sched_get_priority_min
NAMED(sched_get_priority_min)
#endif
#ifdef __NR_sched_getaffinity
NAMED(sched_getaffinity)
#endif
#ifdef __NR_sched_getattr
NAMED(sched_getattr)
#endif
#ifdef __NR_sched_getparam
NAMED(sched_getparam)
#endif
#ifdef __NR_sched_getscheduler
NAMED(sched_getscheduler)
#endif
#ifdef __NR_sched_rr_get_interval
NAMED(sched_rr_get_interval)
#endif
#ifdef __NR_sched_rr_get_interval_time64
NAMED(sched_rr_get_interval_time64)
#endif
#ifdef __NR_sched_setaffinity
NAMED(sched_setaffinity)
#endif
#ifdef __NR_sched_setattr
NAMED(sched_setattr)
#endif
#ifdef __NR_sched_setparam
NAMED(sched_setparam)
#endif
#ifdef __NR_sched_setscheduler
NAMED(sched_setscheduler)
#endif
#ifdef __NR_sched_yield
NAMED(sched_yield)
#endif
#ifdef __NR_seccomp
NAMED(seccomp)
#endif
#ifdef __NR_security
NAMED(security)
#endif
#ifdef __NR_select
NAMED(select)
#endif
#ifdef __NR_semctl
NAMED(semctl)
#endif
#ifdef __NR_semget
NAMED(semget)
#endif
#ifdef __NR_semop
NAMED(semop)
#endif
#ifdef __NR_semtimedop
NAMED(semtimedop)
#endif
#ifdef __NR_semtimedop_time64
NAMED(semtimedop_time64)
#endif
#ifdef __NR_sendfile
NAMED(sendfile)
#endif
#ifdef __NR_sendmmsg
NAMED(sendmmsg)
#endif
#ifdef __NR_sendmsg
NAMED(sendmsg)
#endif
#ifdef __NR_sendto
NAMED(sendto)
#endif
#ifdef __NR_set_mempolicy
NAMED(set_mempolicy)
#endif
#ifdef __NR_set_robust_list
NAMED(set_robust_list)
#endif
#ifdef __NR_set_thread_area
NAMED(set_thread_area)
#endif
#ifdef __NR_set_tid_address
NAMED(set_tid_address)
#endif
#ifdef __NR_setdomainname
NAMED(setdomainname)
#endif
#ifdef __NR_setfsgid
NAMED(setfsgid)
#endif
#ifdef __NR_setfsuid
NAMED(setfsuid)
#endif
#ifdef __NR_setgid
NAMED(setgid)
#endif
#ifdef __NR_setgroups
NAMED(setgroups)
#endif
#ifdef __NR_sethostname
NAMED(sethostname)
#endif
#ifdef __NR_setitimer
NAMED(setitimer)
#endif
#ifdef __NR_setns
NAMED(setns)
#endif
#ifdef __NR_setpgid
NAMED(setpgid)
#endif
#ifdef __NR_setpriority
NAMED(setpriority)
#endif
#ifdef __NR_setregid
NAMED(setregid)
#endif
#ifdef __NR_setresgid
NAMED(setresgid)
#endif
#ifdef __NR_setresuid
NAMED(setresuid)
#endif
#ifdef __NR_setreuid
NAMED(setreuid)
#endif
#ifdef __NR_setrlimit
NAMED(setrlimit)
#endif
#ifdef __NR_setsid
NAMED(setsid)
#endif
#ifdef __NR_setsockopt
NAMED(setsockopt)
#endif
#ifdef __NR_settimeofday
NAMED(settimeofday)
#endif
#ifdef __NR_setuid
NAMED(setuid)
#endif
#ifdef __NR_setxattr
NAMED(setxattr)
#endif
#ifdef __NR_shmat
NAMED(shmat)
#endif
#ifdef __NR_shmctl
NAMED(shmctl)
#endif
#ifdef __NR_shmdt
NAMED(shmdt)
#endif
#ifdef __NR_shmget
NAMED(shmget)
#endif
#ifdef __NR_shutdown
NAMED(shutdown)
#endif
#ifdef __NR_sigaltstack
NAMED(sigaltstack)
#endif
#ifdef __NR_signalfd
NAMED(signalfd)
#endif
#ifdef __NR_signalfd4
NAMED(signalfd4)
#endif
#ifdef __NR_socket
NAMED(socket)
#endif
#ifdef __NR_socketpair
NAMED(socketpair)
#endif
#ifdef __NR_splice
NAMED(splice)
#endif
#ifdef __NR_stat
NAMED(stat)
#endif
#ifdef __NR_statfs
NAMED(statfs)
#endif
#ifdef __NR_statx
NAMED(statx)
#endif
#ifdef __NR_swapoff
NAMED(swapoff)
#endif
#ifdef __NR_swapon
NAMED(swapon)
#endif
#ifdef __NR_symlink
NAMED(symlink)
#endif
#ifdef __NR_symlinkat
NAMED(symlinkat)
#endif
#ifdef __NR_sync
NAMED(sync)
#endif
#ifdef __NR_sync_file_range
NAMED(sync_file_range)
#endif
#ifdef __NR_sync_file_range2
NAMED(sync_file_range2)
#endif
#ifdef __NR_syncfs
NAMED(syncfs)
#endif
#ifdef __NR_sysfs
NAMED(sysfs)
#endif
#ifdef __NR_sysinfo
NAMED(sysinfo)
#endif
#ifdef __NR_syslog
NAMED(syslog)
#endif
#ifdef __NR_tee
NAMED(tee)
#endif
#ifdef __NR_tgkill
NAMED(tgkill)
#endif
#ifdef __NR_time
NAMED(time)
#endif
#ifdef __NR_timer_create
NAMED(timer_create)
#endif
#ifdef __NR_timer_delete
NAMED(timer_delete)
#endif
#ifdef __NR_timer_getoverrun
NAMED(timer_getoverrun)
#endif
#ifdef __NR_timer_gettime
NAMED(timer_gettime)
#endif
#ifdef __NR_timer_gettime64
NAMED(timer_gettime64)
#endif
#ifdef __NR_timer_settime
NAMED(timer_settime)
#endif
#ifdef __NR_timer_settime64
NAMED(timer_settime64)
#endif
#ifdef __NR_timerfd_create
NAMED(timerfd_create)
#endif
#ifdef __NR_timerfd_gettime
NAMED(timerfd_gettime)
#endif
#ifdef __NR_timerfd_gettime64
NAMED(timerfd_gettime64)
#endif
#ifdef __NR_timerfd_settime
NAMED(timerfd_settime)
#endif
#ifdef __NR_timerfd_settime64
NAMED(timerfd_settime64)
#endif
#ifdef __NR_times
NAMED(times)
#endif
#ifdef __NR_tkill
NAMED(tkill)
#endif
#ifdef __NR_truncate
NAMED(truncate)
#endif
#ifdef __NR_tuxcall
NAMED(tuxcall)
#endif
#ifdef __NR_umask
NAMED(umask)
#endif
#ifdef __NR_umount2
NAMED(umount2)
#endif
#ifdef __NR_uname
NAMED(uname)
#endif
#ifdef __NR_unlink
NAMED(unlink)
#endif
#ifdef __NR_unlinkat
NAMED(unlinkat)
#endif
#ifdef __NR_unshare
NAMED(unshare)
#endif
#ifdef __NR_uprobe
NAMED(uprobe)
#endif
#ifdef __NR_uretprobe
NAMED(uretprobe)
#endif
#ifdef __NR_uselib
NAMED(uselib)
#endif
#ifdef __NR_userfaultfd
NAMED(userfaultfd)
#endif
#ifdef __NR_ustat
NAMED(ustat)
#endif
#ifdef __NR_utime
NAMED(utime)
#endif
#ifdef __NR_utimensat
NAMED(utimensat)
#endif
#ifdef __NR_utimensat_time64
NAMED(utimensat_time64)
#endif
#ifdef __NR_utimes
NAMED(utimes)
#endif
#ifdef __NR_vfork
NAMED(vfork)
#endif
#ifdef __NR_vhangup
NAMED(vhangup)
#endif
#ifdef __NR_vmsplice
NAMED(vmsplice)
#endif
#ifdef __NR_vserver
NAMED(vserver)
#endif
#ifdef __NR_wait4
NAMED(wait4)
#endif
#ifdef __NR_waitid
NAMED(waitid)
#endif
#ifdef __NR_write
NAMED(write)
#endif
#ifdef __NR_writev
NAMED(writev)
#endif
