//--- all binary operators
BEGIN { 1+2; 1-2; 1*2; 1/2; 1%2; 1&2; 1|2; 1^2; 1<<2; 1>>2; 1==2; 1!=2; 1<2; 1<=2; 1>2; 1>=2; 1&&2; 1||2; }
//--- all unary operators
BEGIN { -1; !1; ~1; *$p; &$v; &@m; - -1; !!1; **$p; -~!1; }
//--- increments
BEGIN { $x++; $x--; ++$x; --$x; @++; @x++; ++@x; @x[1]--; --@x[1, 2]; }
//--- increments as values
BEGIN { $a = $x++ + ++$y; @a = @b[1]--; $c = $x - --$y; $d = $x++ - 1; }
//--- multiplication binds tighter than addition
BEGIN { 1 + 2 * 3 - 4 / 2 % 3; }
//--- left associative
BEGIN { 1 - 2 - 3; 8 / 4 / 2; 1 << 2 << 3; }
//--- comparison, bits, logic
BEGIN { 1 & 2 == 2; 1 | 2 ^ 3 & 4; 1 < 2 == 2 > 1; 1 || 2 && 3; 1 + 2 << 3 < 4; }
//--- unary binds tighter than binary
BEGIN { -1 + 2; !1 == 0; ~1 & 2; *$p + 1; -$x.y; }
//--- parentheses
BEGIN { (1 + 2) * 3; ((((1)))); -(1); (1); }
//--- ternary
BEGIN { 1 ? 2 : 3; 1 ? 2 ? 3 : 4 : 5; 1 ? 2 : 3 ? 4 : 5; 1 || 0 ? 2 : 3 + 4; }
//--- ternary without its middle
BEGIN { 1 ?: 2; $x ? : 3; 1 ?: 2 ?: 3; }
//--- ternary with calls
BEGIN { 1 ? print("a") : print("b"); $b = $a > 0 ? $a : -1; }
//--- casts to integers
BEGIN { (uint64)1; (int8)-1; (bool)$x; (uint32)~0; (int64)!$x; (uint16)*$p; (int8)"a"; (uint64)@c; (uint64)$1; }
//--- casts of parentheses and of casts
BEGIN { (uint64)(1 + 2); (uint64)(uint8)1; (uint8)((uint16)(1)); }
//--- casts to structs and pointers
BEGIN { (struct foo *)1; (struct foo)$x; (union u *)1; (enum e)1; (struct foo **)1; (foo *)$x; (foo_t)*$x; (ident)*x; (ident *)x; (ident)&$x; }
//--- casts to sized types
BEGIN { (string[64])$p; (int8[4])$x; (int8[])$x; (buffer[8])$p; (uint8[2][3])$p; (struct foo[2])$p; (int32 *[4])$p; }
//--- casts with typeof
BEGIN { (typeof($x))1; (typeof(struct foo *))$p; (typeof(1 + 2))$y; }
//--- a cast is of the whole postfix expression
BEGIN { (struct foo *)$x.y; (uint8)$x[1]; (uint8)$x->y + 1; }
//--- casts spread over lines and comments
BEGIN { ( struct /* a */ foo
  * ) $x; }
//--- parenthesised builtins are no casts
BEGIN { (pid) - 1; (arg0) & 2; (retval) * 3; (comm) == "x"; }
BEGIN { (cpu) - 1; (uid) -1; (__builtin_cpu) & 1; (args)[1]; }
//--- parenthesised names before other operators
BEGIN { (foo) + 1; (foo) / 2; (foo) == 2; (foo) ? 1 : 2; (foo); (foo).x; }
//--- calls
BEGIN { f(); f(1); f(1, 2, 3); f(g(h())); pid(); printf("%d", 1); f (1); }
//--- a call whose argument looks like a cast
BEGIN { f(x)-1; f(x) & 1; $y = str(x) *2; }
//--- calls without parentheses
BEGIN { pid; nsecs; kstack; }
//--- maps
BEGIN { @; @x; @x[1]; @x[1, 2]; @x["a", (1, 2)]; @[1]; @x [1]; @x
[2]; }
//--- an index of a map's value
BEGIN { @x[1][2]; @x[1].y; @x.y; @x->y; (@x)[1]; }
//--- fields
BEGIN { args.x; args->x; $x.y.z; $x->y->z.w; curtask.pid; f(1).x; (1, 2).0; }
//--- keywords as fields
BEGIN { args.if; args->for; $x.let.return.while; $x.struct; $x.config; $x.sizeof; $x.true; }
//--- tuple members
BEGIN { $x.0; $x.1.2; $x.0.y; @x.0[1]; $x . 0; }
//--- array elements
BEGIN { $x[0]; $x[$y + 1]; $x[0][1]; $x[0].y[1]; args.x[1]; "abc"[1]; comm[0]; }
//--- tuples
BEGIN { (); (1,); (1, 2); (1, "a", $x); (1, (2, 3)); (1, 2,); }
//--- records
BEGIN { (x=1); (x=1, y=2); (x=1, y=(z=2)); (x=1,); ( x = 1 , y = "a" ); }
//--- keywords as names in records
BEGIN { (if=1, for=2, struct=3); }
//--- a comparison is no record
BEGIN { (x == 1); (x==1, y); ($x == 1); }
//--- block as a value
BEGIN { $x = { 1 }; $x = { let $y = 1; $y + 1 }; $x = { { 1 } }; $x = 1 + { 2 } * 3; }
//--- block as a value, the last statement has a semicolon
BEGIN { $x = { 1; }; $x = { }; }
//--- if as a value
BEGIN { $x = if 1 { 2 } else { 3 }; $x = if (1) { 2 } else if (3) { 4 } else { 5 }; }
//--- if as a value at the end of a block
BEGIN { $x = { if $y { 1 } else { 2 } }; $x = { print(1); if $y { 1 } else { 2 } }; }
//--- if as an argument
BEGIN { f(if 1 { 2 } else { 3 }, 4); print((if 1 { 2 })); }
//--- sizeof of types and expressions
BEGIN { sizeof(uint64); sizeof(struct foo); sizeof(struct foo *); sizeof(foo_t); sizeof(foo_t *); sizeof($x); sizeof(1 + 2); sizeof(int8[4]); sizeof(args.x); sizeof(pid); sizeof(foo.x); }
//--- offsetof
BEGIN { offsetof(struct foo, x); offsetof(struct foo, x.y.z); offsetof(foo_t, x); offsetof($x, y); offsetof(*$x, y); offsetof(struct foo, for.if); }
//--- typeinfo
BEGIN { typeinfo(uint64); typeinfo($x); typeinfo(struct foo *).base_type; }
//--- comptime
BEGIN { $x = comptime 1; $x = comptime (1 + 2); $x = comptime f(1) + 2; comptime 1; }
//--- dereference and address in a call
BEGIN { f(*$x, &$y, &@m, *($x + 1)); }
//--- pointer arithmetic with casts
BEGIN { $y = *(uint64 *)($x + 8); $z = *((uint8 *)$x + 1); $w = ((struct foo *)$x)->bar; }
//--- division where a predicate could end
BEGIN { $x = 1 / 2; $x = 1 / { 2 }; } kprobe:f /1/ { $x = 1 / 2; }
