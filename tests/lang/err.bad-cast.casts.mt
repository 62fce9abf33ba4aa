//--- int to string
begin { $x = (string)pid; }
//--- string to int
begin { $x = (int32)"abc"; }
//--- string to a shorter one
begin { $y = (string[2])comm; }
//--- hist to int
begin { @h = hist(1); $x = (int64)@h; }
//--- int to void
begin { $x = (void)5; }
//--- a string without a size
begin { print((string)comm); }
