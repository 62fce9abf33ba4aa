//--- a kind that is none
let @m = foo(10);
begin { @m[1] = 1; }
