//--- break
begin { break; }
//--- continue
begin { continue; }
//--- in an unroll
begin { unroll(3) { break; } }
//--- in an if
begin { if (pid) { continue; } }
