//--- a word for a number
config = { max_strlen = "a" }
begin { }
//--- missing_probes
config = { missing_probes = bad }
begin { }
//--- a bool
config = { print_maps_on_exit = "x" }
begin { }
//--- stack_mode
config = { stack_mode = foo }
begin { }
//--- license
config = { license = "foo" }
begin { }
//--- what only the environment sets
config = { kernel_source = "x" }
begin { }
