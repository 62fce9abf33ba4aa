//--- a struct
begin { $x = (struct no_such_thing *)5; }
//--- an enum
begin { $x = (enum no_such_thing)5; }
//--- a typedef
begin { $x = (no_such_thing_t)5; }
//--- the type of an offset
begin { $x = offsetof(struct no_such_thing, a); }
//--- the type of a variable
begin { let $x: no_such_thing_t; print($x); }
