//--- with a near name
begin { print(pidd); }
//--- without one
begin { print(foo); }
//--- a function without parentheses
begin { $x = strlen; }
