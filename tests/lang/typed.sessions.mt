//--- clauses
session:./target.elf:main { entry { $x = arg0; } return { print(($x, retval, elapsed)); } }
//--- a predicate and skip
session:./target.elf:main /comm == "x"/ { entry { if (arg0 == 0) { skip; } } return { @ = hist(elapsed); } }
//--- without clauses
session:./target.elf:main { if (is_return) { print((retval, elapsed)); } else { print(arg0); } }
//--- is_return in clauses
session:./target.elf:main { entry { print(is_return); } return { print(is_return); } }
//--- arguments in the return half
session:./target.elf:main { return { print((arg0, arg1)); } }
//--- angle brackets
session:./target.elf:main < return { print(retval); } >
