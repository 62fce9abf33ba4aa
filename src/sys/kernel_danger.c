// kernel_danger.c: kernel functions that need care, by name, each with its reason.
//
// Three lists, from KERNEL.md 1.5, 4.3 and 4.8: what a glob leaves alone, what the kernel
// refuses for programs that attach by BTF id, what never returns. None is a rule of thumb for
// a whole family: rcu_* and the like are ordinary functions but for the ones named here.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/kernel_funcs.h"

#define IN_EVERY_PROBE "every probe calls it on its own way in or out"
#define IDLE "it runs where RCU does not watch (idle)"

static const struct {
	const char *name, *reason;
} dangerous[] = {
    // The first entry of each family, sorted by name: looked up by bisection.
    {"___migrate_enable", IN_EVERY_PROBE},
    {"__rcu_read_lock", IN_EVERY_PROBE},
    {"__rcu_read_unlock", IN_EVERY_PROBE},
    {"arch_cpu_idle", IDLE},
    {"bpf_dispatcher_xdp_func", "the kernel rewrites its code while BPF programs come and go"},
    {"default_idle", IDLE},
    {"migrate_disable", IN_EVERY_PROBE},
    {"migrate_enable", IN_EVERY_PROBE},
    {"preempt_count_add", IN_EVERY_PROBE},
    {"preempt_count_sub", IN_EVERY_PROBE},
    // Asked by ftrace before each probe, to find out whether one may run at all.
    {"rcu_is_watching", IN_EVERY_PROBE},
    // On kernels with PREEMPT_RCU: a probe's rcu_read_unlock() comes here again before the
    // function has cleared what makes it come here.
    {"rcu_read_unlock_special", "a probe on it calls it again, without end"},
    {"rcu_read_unlock_strict", IN_EVERY_PROBE},
};

// btf_id_deny of the verifier (7.1 to 7.3; shorter before).
static const char *const denied[] = {
    "___migrate_enable", "__rcu_read_lock",   "__rcu_read_unlock", "migrate_disable",
    "migrate_enable",	 "preempt_count_add", "preempt_count_sub", "rcu_read_unlock_strict",
};

// noreturn_deny of the verifier, and what objtool knows besides.
static const char *const noreturn[] = {
    "__arm64_sys_exit",
    "__arm64_sys_exit_group",
    "__fortify_panic",
    "__ia32_sys_exit",
    "__ia32_sys_exit_group",
    "__kunit_abort",
    "__module_put_and_kthread_exit",
    "__stack_chk_fail",
    "__tdx_hypercall_failed",
    "__ubsan_handle_builtin_unreachable",
    "__x64_sys_exit",
    "__x64_sys_exit_group",
    "acpi_processor_ffh_play_dead",
    "arch_cpu_idle_dead",
    "cpu_bringup_and_idle",
    "cpu_startup_entry",
    "do_exit",
    "do_group_exit",
    "do_task_dead",
    "ex_handler_msr_mce",
    "hlt_play_dead",
    "hv_ghcb_terminate",
    "kthread_complete_and_exit",
    "kthread_exit",
    "kunit_try_catch_throw",
    "machine_real_restart",
    "make_task_dead",
    "mpt_halt_firmware",
    "mwait_play_dead",
    "native_play_dead",
    "nmi_panic_self_stop",
    "panic",
    "panic_smp_self_stop",
    "rest_init",
    "rewind_stack_and_make_dead",
    "sev_es_terminate",
    "snp_abort",
    "start_kernel",
    "stop_this_cpu",
    "usercopy_abort",
    "vpanic",
    "x86_64_start_kernel",
    "x86_64_start_reservations",
    "xen_cpu_bringup_again",
    "xen_start_kernel",
};

// Each row, of whatever size, begins with its name.
static int compare_row(const void *name, const void *row)
{
	return strcmp(name, *(const char *const *)row);
}

const char *kernel_func_danger(const char *name)
{
	const char *const *row =
	    bsearch(name, dangerous, ARRAY_SIZE(dangerous), sizeof(dangerous[0]), compare_row);

	return row ? row[1] : NULL;
}

bool kernel_func_denied(const char *name)
{
	return bsearch(name, denied, ARRAY_SIZE(denied), sizeof(denied[0]), compare_row);
}

bool kernel_func_noreturn(const char *name)
{
	return bsearch(name, noreturn, ARRAY_SIZE(noreturn), sizeof(noreturn[0]), compare_row);
}
