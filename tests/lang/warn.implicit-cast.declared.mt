//--- a written type tells of every sign that may change
begin { $a = (int8)1; $b = (uint16)2; let $c: uint64 = $a; let $d: int16 = $b; let $e: uint8; $e = $a; print(($c, $d, $e)) }
//--- wide enough for the value, or a type that was not written
begin { $a = (int8)1; $b = (uint16)2; let $c: int64 = $a; let $d: int32 = $b; $e = (uint32)3; $e = $a; print(($c, $d, $e)) }
//--- at the type of a cast
begin { $a = (int64)nsecs; $b = (int64)1; $b = (uint64)$a; print($b) }
//--- what is only asked for its type is not cast
begin { $a = (int8)1; print(sizeof((int8)$a)); let $b: typeof((int8)$a) = 2; print($b) }
//--- a macro's last increment is a value that nobody takes
macro next(@n) { @n++ }
begin { next(@a); @a++; }
