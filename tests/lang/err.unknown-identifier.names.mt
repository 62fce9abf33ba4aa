//--- with a near name
begin { print(pidd); }
//--- without one
begin { print(foo); }
//--- a function without parentheses
begin { $x = strlen; }
//--- in the only assignment to a map that is printed and cleared together
interval:s:1 { @x[nosuch] = count(); print(@x); clear(@x); }
