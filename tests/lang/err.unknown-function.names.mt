//--- with a near name
begin { pritn("x"); }
//--- without one
begin { frobnicate_everything(); }
//--- two in one run
begin { prinft("x"); exot(); }
