//--- too many for exit
begin { exit(1, 2); }
//--- none for hist
begin { @x = hist(); }
//--- three for lhist
begin { @ = lhist(5, 0, 10); }
//--- one for count
begin { @x = count(1); }
//--- two for sum
begin { @x = sum(1, 2); }
//--- none for clear
begin { clear(); }
//--- four for print
begin { @m = 1; print(@m, 1, 2, 3); }
//--- two for print of a value
begin { print(1, 2); }
//--- one for strftime
begin { $x = strftime("%H"); }
//--- three for str
begin { $x = str(0, 5, 5); }
//--- three for delete
begin { @x[1] = 1; delete(@x, 1, 2); }
//--- one for assert
begin { assert(1); }
//--- three for ustack
begin { $x = ustack(perf, 2, 3); }
//--- in a macro that another macro calls
macro inner(x) { strlen(x, 1) }
macro outer(y) {
  inner(y) + 1
}
begin { $a = outer("p"); }
//--- in each expansion of it
macro f(x) { strlen(x, 1) }
begin { $a = f("p"); $b = f("q") + strlen("r", 2); }
