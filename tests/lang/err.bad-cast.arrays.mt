//--- another size
begin { $x = (int32)5; $y = (int8[9])$x; $z = (int8[3])$x; }
//--- of structs
begin { $x = (struct list_head[2])5; }
//--- more bytes than a number has
begin { $x = (bool[64])1; }
//--- more bytes than the number takes
begin { $x = (int32)pton("::1"); }
//--- too few for one element
begin { $x = (int32[])(int16)1; }
