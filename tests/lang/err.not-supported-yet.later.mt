//--- a builtin
begin { print(dw_ustack); }
