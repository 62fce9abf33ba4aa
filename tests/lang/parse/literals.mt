//--- decimal, hexadecimal, octal, binary
BEGIN { 0; 42; 0x2A; 0XfF; 017; 0b101; }
//--- scientific
BEGIN { 1e6; 2E3; 1e0; 9e18; }
//--- separators
BEGIN { 1_000; 1_000_000; 0xff_ff; 1__0; 1e1_0; }
//--- durations
BEGIN { 4ns; 10us; 5ms; 1s; 2m; 1h; 3d; 0s; 1e3ms; }
//--- C suffixes
BEGIN { 1u; 1l; 1ul; 1ll; 1ull; 1U; 1UL; 1uLL; 0x1ull; 017u; }
//--- largest
BEGIN { 18446744073709551615; 0xffffffffffffffff; 9223372036854775807l; 4294967295u; }
//--- negative numbers are expressions
BEGIN { -1; -9223372036854775808; }
//--- strings
BEGIN { ""; "a"; "a b\tc\n\r\"\\"; }
//--- octal and hexadecimal escapes
BEGIN { "\0"; "\7z"; "\101\1012"; "\377"; "\x41"; "\x4"; "\xe9t\X41"; }
//--- strings with other characters
BEGIN { "é ü 漢"; "// no comment /* at all */"; "{ } / ; $1 @x"; }
//--- booleans
BEGIN { true; false; !true; }
//--- positional parameters
BEGIN { $1; $23; $#; $1 + $#; str($1); }
