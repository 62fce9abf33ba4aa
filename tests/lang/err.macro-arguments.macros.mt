//--- an expression for a variable
macro f($x) { $x + 1 }
begin { print(f(5)); }
//--- an expression for a map
macro f(@x) { @x = 1; }
begin { f(5); }
//--- a map with a key for a map
macro f(@x) { @x = 1; }
begin { f(@b[1]); @b[2] = 1; }
//--- too many
macro f(x) { x + 1 }
begin { print(f(1, 2)); }
//--- too few
macro f(x) { x + 1 }
begin { print(f()); }
