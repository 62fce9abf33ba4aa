//--- itself
macro f(x) { f(x) }
begin { print(f(1)); }
//--- each other
macro f(x) { g(x) }
macro g(x) { f(x) }
begin { print(f(1)); }
