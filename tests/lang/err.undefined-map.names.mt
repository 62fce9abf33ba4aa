//--- with a near name
begin { print(@count); @counts = 1; }
//--- in a loop
begin { for ($kv : @a) { print($kv); } }
//--- also read
begin { if (@y) { print(@y); } }
//--- clear
begin { clear(@y); }
//--- only read, it is a number
begin { if (@x[2] == "a") { } }
