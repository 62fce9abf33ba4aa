//--- a function
config = { unstable_dw_ustack=error } begin { print(dw_ustack(perf, 3)); }
//--- a name
config = { unstable_dw_ustack=error } begin { print(dw_ustack); }
//--- a mode that there is not
config = { unstable_dw_ustack=enable } begin { print(dw_ustack(foo, 3)); }
//--- too many frames
config = { unstable_dw_ustack=enable } begin { print(dw_ustack(raw, 2000)); }
//--- no bare number of a variable
config = { unstable_dw_ustack=enable } begin { $n = 3; print(dw_ustack($n)); }
