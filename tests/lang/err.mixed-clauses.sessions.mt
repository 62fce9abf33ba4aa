//--- a statement beside a clause
session:./target.elf:main { $x = 1; return { print(1); } }
