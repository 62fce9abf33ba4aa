//--- after return and exit, once per block
begin { print(1); return; print(2); print(3); }
interval:s:1 { exit(); print(2); print(3); }
//--- both sides of an if leave
begin { if (pid) { exit() } else { return } print(1); }
//--- one side doesn't
begin { if (pid) { exit() } print(1); if (pid) { print(2) } else { return } print(3) }
//--- both sides of a choice
begin { pid ? exit() : exit(1); print(1) }
//--- blocks and unrolled bodies
begin { { return } print(1) }
begin { unroll(2) { exit() } print(1) }
//--- loops may run not at all
begin { for $i : 0..3 { break; print($i) } print(1) }
begin { $x = 1; while ($x) { return; print(1) } print(1) }
//--- inside of a branch only
begin { if (pid) { return; print(1) } print(2) }
