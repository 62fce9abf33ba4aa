//--- exit in a range loop
begin { for $i : 0..5 { exit(); } }
//--- exit in a map loop
begin { @m[1] = 1; for $kv : @m { if ($kv.0 == 1) { exit(3); } } }
//--- skip in a loop
session:./target.elf:main { entry { for $i : 0..5 { skip; } } return { print(1); } }
