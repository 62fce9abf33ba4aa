//--- a builtin
begin { print(dw_ustack); }
//--- a function
begin { skboutput("a.pcap", 0, 1, 0); }
