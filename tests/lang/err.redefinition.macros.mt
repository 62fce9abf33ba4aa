//--- the same parameters
macro f(x) { 1 }
macro f(y) { 2 }
begin { print(f(1)); }
//--- an expression takes a variable, too
macro f(x) { 1 }
macro f($x) { 2 }
begin { print(f(1)); }
