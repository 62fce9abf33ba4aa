# bash completion for mtrace. Options that come with a later version are completed, too, so
# that one sees them refused by name.
_mtrace() {
	local cur prev words cword
	if declare -F _init_completion >/dev/null; then
		_init_completion -n := || return
	else
		cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	fi
	case $prev in
	--mode)
		mapfile -t COMPREPLY < <(compgen -W 'test bench' -- "$cur")
		return
		;;
	-e | --for | --max-events | --probe-filter | --ready-fd)
		return
		;;
	-p | --pid | --dwarf-pid)
		mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && echo [0-9]*)" -- "$cur")
		return
		;;
	-c | --cmd)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return
		;;
	-f | --format)
		mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur")
		return
		;;
	-B)
		mapfile -t COMPREPLY < <(compgen -W 'line full none' -- "$cur")
		return
		;;
	-d | --debug)
		mapfile -t COMPREPLY < <(compgen -W 'ast typed plan ir ir-opt asm all timing libbpf verifier' -- "$cur")
		return
		;;
	--no-feature)
		mapfile -t COMPREPLY < <(compgen -W 'uprobe_multi uprobe_session
			uprobe_session,uprobe_multi kprobe_multi kprobe_session fprobe_fgraph
			tracing_multi fsession raw_tp_syscalls raw_tp raw_tp_cookie batch_ops uprobe_nop10 stack_memo' -- "$cur")
		return
		;;
	-I | --debuginfo | --cgroup)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '
			-e -I --include --unsafe --check --fmt
			-p --pid --cgroup -c --cmd -l --list --for --max-events --probe-filter
			--traceable-functions --usdt-file-activation --dwarf-pid --debuginfo
			-o --output -f --format -B -q --quiet -v --verbose -k --warnings
			--no-warnings --ready-fd --strict
			--explain --dry-run -d --debug --no-feature --info --emit-elf --emit-llvm
			--verify-llvm-ir --test --bench --mode --aot
			-h --help -V --version' -- "$cur")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}
complete -o filenames -F _mtrace mtrace
