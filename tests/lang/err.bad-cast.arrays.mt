//--- another size
begin { $x = (int32)5; $y = (int8[8])$x; }
//--- of structs
begin { $x = (struct list_head[2])5; }
