//--- with a near name
begin { pritn("x"); }
//--- without one
begin { frobnicate_everything(); }
//--- in the comptime branch that types choose
begin { if comptime (sizeof(uint64) == 4) { print(1); } else { frobnicate(no_such_name); } }
//--- two in one run
begin { prinft("x"); exot(); }
