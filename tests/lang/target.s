# The program that typed goldens attach to: never run, only its symbols are read.
#	as -o target.o target.s && ld -N --build-id=none -o target.elf target.o
# with e_entry set to 0: a return probe on an entry point is set aside
	.globl	_start, main, foo, foo_two
	.text
_start:
main:	ret
	.type	main, @function
	.size	main, .-main
foo:	nop
	ret
	.type	foo, @function
	.size	foo, .-foo
foo_two: nop
	nop
	ret
	.type	foo_two, @function
	.size	foo_two, .-foo_two
