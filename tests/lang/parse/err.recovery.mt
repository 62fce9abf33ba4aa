//--- several in one body
BEGIN {
	$a = ;
	$b = 1;
	print(1, );
	@x[ = 2;
	if ) { $c = ; }
	$d = 2;
	foo bar;
}
//--- several probes
BEGIN { $a = ; } kprobe:f { $b = ; } END { $c = ; }
//--- inside nested bodies
BEGIN { if 1 { while 2 { $a = ; print(1); $b = ; } $c = ; } $d = ; }
//--- inside block expressions
BEGIN { $a = { $b = ; 1 }; print({ 1 + ; 2 }, 3 4); $c = ; }
//--- inside a clause
session:f { entry { $a = ; } return { $b = ; } }
//--- unclosed parenthesis in a nested body
BEGIN { if 1 { print((1; } $a = ; } END { $b = ; }
//--- stray closing brace ends the body early
BEGIN { if 1 { } } print(1); } END { $b = ; }
//--- in an angle body
BEGIN < $a = ; $b = 1; $c = ; > END { $d = ; }
//--- more than are shown
BEGIN {
	); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); ); );
}
//--- tabs and wide lines
BEGIN {	$a = 1;	if	(1)	{	$b	= ;	} }
//--- a span of several lines
BEGIN {
	(1,
	 2,
	 3) = 4;
}
//--- a very long line
BEGIN { @aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1; $b = ; @aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 2; }
