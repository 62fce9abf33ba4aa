//--- fail
begin { fail("not like this"); }
//--- static_assert
begin { static_assert(1 == 2, "one is not two"); }
//--- on the branch taken
begin { $x = "a"; if comptime is_str($x) { fail("a string"); } }
