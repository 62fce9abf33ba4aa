//--- no operand
BEGIN { $a = ; $b = 1 }
//--- no operand at the end
BEGIN { $a = 1 + }
//--- missing semicolon on one line
BEGIN { $a = 3 $b = 5; }
//--- missing semicolon before a call
BEGIN { $a = 3 print($a); }
//--- missing semicolon before a new line
BEGIN {
	$a = 1
	if $a { }
	@c = 2
	print(1)
	print(2)
}
//--- function called without parentheses
BEGIN { printf "hello\n"; }
//--- two operands
BEGIN { $a = 1 2; }
//--- comma at the end of the arguments
BEGIN { print(1,); }
//--- no comma between arguments
BEGIN { print("a" "b"); }
//--- unclosed call
BEGIN { print(1; print(2); }
//--- unclosed index
BEGIN { @x[1 = 2; print(1); }
//--- empty index
BEGIN { @x[] = 2; }
//--- assignment as an expression
BEGIN { @a = @b = 5; }
//--- assignment in a condition
BEGIN { if ($x = 1) { } print(1); }
//--- assignment in a condition reads as a record
BEGIN { if (x = 1) { } while (y = 2) { } }
//--- body without braces
BEGIN { if (1) print(1); print(2); }
//--- else without braces
BEGIN { if (1) { } else print(1); print(2); }
//--- loop without braces
BEGIN { while (1) print(1); }
//--- elif
BEGIN { if (1) { 1 } elif (2) { } print(1); }
//--- C for loop
BEGIN { for (i = 0; i < 5; i++) { print(i); } print(1); }
//--- C for loop with variables
BEGIN { for ($i = 0; $i < 5; $i++) { print($i); } print(1); }
//--- for over a number
BEGIN { for $i : 5 { } }
//--- for over a map's element
BEGIN { for $i : @x[1] { } }
//--- map declared in a body
BEGIN { let @m = hash(10); print(1); }
//--- let without a variable
BEGIN { let x = 1; let = 2; let; }
//--- two variables in a let
BEGIN { let $a, $b; }
//--- let without a type
BEGIN { let $a : = 1; }
//--- no sigil
BEGIN { x = 1; y += 2; }
//--- assignment to things that are none
BEGIN { 1 = 5; f() = 1; $x.y = 2; $x.0 = 3; $1 = 4; (1, 2) = 5; "a" = 6; }
//--- increment of things that are none
BEGIN { 5++; --f(); x++; $x.y++; $x++++; -----5; }
//--- address of things that are none
BEGIN { &1; &f(); &args.x; }
//--- else without an if
BEGIN { else { } print(1); }
//--- return in an expression
BEGIN { $x = return 1; }
//--- statement in an expression
BEGIN { $x = while 1 { }; print(1); }
//--- entry clause outside of a session
kprobe:f { entry { print(1); } print(2); }
//--- clause inside of a clause
session:f { entry { entry { } } }
//--- comparison in an angle body
BEGIN < $x = 1 > 2; >
//--- angle body closed by a brace
BEGIN < print(1); }
//--- closed twice
BEGIN { print(1) } } END { }
//--- parenthesis closed twice
BEGIN { print(1)); print(2); }
//--- floating point
BEGIN { $x = 1.5; }
//--- duplicate field
BEGIN { $x = (a=1, b=2, a=3); }
//--- a record with a value without a name
BEGIN { $x = (a=1, 2); }
//--- semicolon behind an else
BEGIN { if 1 { }; else { } print(1); }
//--- operator as an operand
BEGIN { $x = 1 + / 2; }
//--- cast without operand
BEGIN { $x = (uint64); $y = (struct foo *); }
//--- unknown type words
BEGIN { $x = (unsigned int)1; }
//--- sizeof without parentheses
BEGIN { $x = sizeof $x; }
//--- offsetof without a field
BEGIN { $x = offsetof(struct foo); $x = offsetof(struct foo, ); }
//--- struct without a name
BEGIN { $x = (struct *)1; let $y : struct; }
//--- an assigned ternary needs its semicolon
BEGIN { $x = 1 ? 2 : 3 $y = 1; }
