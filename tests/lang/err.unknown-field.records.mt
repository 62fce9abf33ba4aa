//--- a field that is not there
begin { $x = (a=1, b=2); $y = $x.c; }
