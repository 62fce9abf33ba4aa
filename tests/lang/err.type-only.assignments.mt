//--- in sizeof
begin { print(sizeof({ @a = 1; 1 })); }
//--- in sizeof, op=
begin { print(sizeof({ @a += 1; 1 })); }
//--- in typeof
begin { let $b: typeof({ @a = 1; 1 }) = 1; print($b); }
//--- in offsetof
begin { print(offsetof({ @a = 1; curtask }, pid)); }
//--- in typeinfo
config = { unstable_typeinfo = enable }
begin { print(typeinfo({ @a = 1; 1 })); }
