//--- assignments
BEGIN { $x = 1; @x = 1; @ = 1; @x[1] = 2; @x[1, "a"] = 3; }
//--- compound assignments
BEGIN { $x += 1; $x -= 1; $x *= 1; $x /= 1; $x %= 1; $x &= 1; $x |= 1; $x ^= 1; $x <<= 1; $x >>= 1; @x[1] += 2; @ -= 1; }
//--- the last semicolon
BEGIN { $x = 1 } BEGIN { print(1) } BEGIN { let $x } BEGIN { return } BEGIN { $x++ } BEGIN { @x = count() }
//--- stray semicolons
BEGIN { ; } BEGIN { print(1);; ; } BEGIN { while (0) { }; if (1) { }; };
//--- let
BEGIN { let $x; let $x = 1; let $x : int8; let $x : int8 = 1; let $x: string[64] = "a"; }
//--- let with written types
BEGIN { let $x : struct foo * = 0; let $x : int8[4]; let $x : typeof($y); let $x : typeof(uint8) = 1; let $x : (int8, string) = (1, "a"); let $x : foo_t; let $x : enum e; let $x : union u; let $x : string; }
//--- let in a loop body
BEGIN { while (1) { let $y = 1; break } }
//--- discard
BEGIN { _ = f(); _ = 1 + 2; _=3 }
//--- if
BEGIN { if (1) { } if (1) { 1 } else { 2 } if (1) { } else if (2) { } else { } }
//--- if without parentheses
BEGIN { if 1 { } if $x > 1 { print(1) } else if $x == 0 && $y { print(2) } if !$x { } if f(1) { } if @x[1] { } }
//--- if with a parenthesised first operand
BEGIN { if ($x) == 1 { } if ($x > 1) && ($y > 2) { } if (pid) - 1 { } }
//--- if with a block as the condition
BEGIN { if { 1 } { 2 } if ({ 1 }) { } }
//--- comptime if
BEGIN { comptime if 1 { print(1); } comptime if (2) { } else { } print(3); }
//--- nested ifs
BEGIN { if 1 { if 2 { if 3 { } else { } } } else { if 4 { } } }
//--- while
BEGIN { while (1) { } while 1 { } while $x < 5 { $x++ } while ($x) { continue; break; } }
//--- unroll
BEGIN { unroll(3) { print(1) } unroll 3 { } unroll ($1) { } unroll(1 + 2) { } }
//--- for over a range
BEGIN { for $i : 0..5 { } for ($i : 0..5) { print($i) } for $i : $a..$b { } for $i : 1..nsecs { } for $i : (1 + 2)..(3 * 4) { } for $i:0..$n+1 { } }
//--- for over a map
BEGIN { for ($kv : @m) { print($kv.0); } for $kv : @m { } for ($kv : @) { } }
//--- loop control and return
BEGIN { for $i : 0..5 { if $i { continue } else { break } return; } return 1; }
//--- blocks as statements
BEGIN { { } { print(1) } { { let $x = 1; } } print(2); }
//--- statements one after another without semicolons
BEGIN { if 1 { } while 0 { } { } for $i : 0..1 { } unroll 1 { } print(1) }
//--- expression statements
BEGIN { 1; "a"; $x; @x; pid; f(); (1, 2); 1 + 2; $x == 1; @x[1] > 2; !$x; *$p; }
//--- a statement that begins with a parameter or a map
BEGIN { $1 == 2; @x == 1 ? print(1) : print(2); @x.y; $x[1]; }
//--- import inside a body
BEGIN { import "x"; print(1); }
//--- everything on one line
BEGIN{@a=1;@b[1]=@a;if(@a){print(@b)}else{clear(@b)}exit()}
//--- comments everywhere
// first
BEGIN /* a */ { // b
	/* c */ $x /* d */ = /* e */ 1 /* f */ ; // g
	/*** h ***/ print($x) // i
} // j
/* the end */
//--- a ternary statement needs no semicolon
BEGIN {
	$a == 1 ? print("x") : print("y")
	print(2) ? 1 : 2 if $x { }
	1 ? 2 : 3 $x = 1 ? 2 : 3;
	1 ? 2 : 3 - 4; f(1 ? 2 : 3); print({ 1 ? 2 : 3 })
}
