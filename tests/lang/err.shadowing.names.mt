//--- let twice
begin { let $x = 1; let $x = 2; }
//--- let in an inner block
begin { let $x = 1; if (pid) { let $x = 2; } }
//--- let after an assignment
begin { $x = 1; let $x = 2; }
//--- a loop variable
begin { $i = 3; for $i : 0..5 { print($i); } }
//--- a loop variable in its own loop
begin { for $i : 0..5 { for $i : 0..5 { } } }
