//--- with a near name
config = { max_strlenn = 5 }
begin { }
//--- without one
config = { probe_inline = 1 }
begin { }
