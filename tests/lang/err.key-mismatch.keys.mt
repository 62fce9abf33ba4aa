//--- another type
begin { @m[1] = 1; @m["a"] = 2; }
//--- another number of keys
begin { @m[1] = 1; @m[1, 2] = 2; }
//--- types in another order
begin { @x[1, "a"] = 0; @x["b", 2] = 1; }
//--- delete looks, too
begin { @m[1] = 1; delete(@m, "a"); }
//--- has_key looks, too
begin { @x[1, 2] = 1; if (has_key(@x, 1)) { } }
//--- print looks, too
begin { @x[1] = 1; print(@x["asdf"]); }
//--- a loop variable as key
begin { @m[1, 2] = 1; for $kv : @m { @m[$kv.0.0] = 2; } }
