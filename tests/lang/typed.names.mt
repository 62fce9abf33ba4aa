//--- addresses that are printed as names
begin { print(ksym(5)); print(usym((uint32)6)); @[ksym(7)] = 1; }
//--- func as the address of a symbol
uprobe:./target.elf:main { @a[0] = ksym(0); @a[1] = func; $s = func; $s = usym(5); }
//--- network addresses
begin { print((ntop(5), ntop(2, 5), ntop(pton("::1")), pton("1.2.3.4"), macaddr(pton("::")))); }
//--- find is has_key and an assignment
begin { @m[1] = 10; let $v; if (find(@m, 1, $v)) { print($v); } }
//--- the configuration is literals
begin { print((config.max_strlen, config.license, config.print_maps_on_exit, config.stack_mode)); }
//--- stacks
begin { print(kstack); print(kstack(perf, 3)); @[kstack(2)] = count(); }
//--- the address of a variable
begin { $x = (int32)5; $p = &$x; print(*$p); }
//--- memcmp and str_concat
begin { print(memcmp("ab", comm, 2)); print(str_concat("a", comm)); }
