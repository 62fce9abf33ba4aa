//--- too often
begin { unroll(101) { print(1); } }
//--- never
begin { unroll(0) { print(1); } }
//--- a string
begin { unroll("a") { print(1); } }
//--- a variable
begin { $x = 3; unroll($x) { print(1); } }
