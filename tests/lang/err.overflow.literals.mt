//--- division by zero
begin { $x = 1 / 0; }
//--- modulo zero
begin { $x = 1 % 0; }
//--- a shift too far
begin { $x = 1 << 65; }
//--- a negative shift
begin { $x = 1 << -1; }
//--- beyond uint64
begin { $x = 0xffffffffffffffff + 1; }
//--- below int64
begin { $x = -9223372036854775808 - 1; }
//--- a product beyond everything
begin { $x = 0xffffffffffffffff * 0xffffffffffffffff; }
//--- minus of too much
begin { $x = -9223372036854775809; }
