//--- a map that was not passed
macro f() { @x = 1; }
begin { f(); }
