//--- alone
begin { count(); }
//--- to a variable
begin { $x = count(); }
//--- as a key
begin { @x[hist(1)] = 1; }
//--- as a condition
begin { if (sum(1)) { } }
//--- as an operand
begin { @x = count() + 1; }
//--- printed
begin { print(count()); }
