//--- a builtin
begin { print(dw_ustack); }
//--- a function
begin { print(socket_cookie(0)); }
//--- the name of another task
begin { $x = comm(1); }
