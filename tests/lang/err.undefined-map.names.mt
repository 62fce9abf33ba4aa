//--- with a near name
begin { print(@count); @counts = 1; }
//--- in a predicate
begin /@a == 1/ { print(1); }
//--- read into another
begin { @x = @y; }
//--- clear
begin { clear(@y); }
//--- a key of it
begin { print(@x[2]); }
