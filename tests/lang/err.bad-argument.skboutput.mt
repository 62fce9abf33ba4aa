//--- a path that is no literal
fentry:vfs_read { $r = skboutput(1, args.file, 1, 0); }
//--- no pointer
fentry:vfs_read { $r = skboutput("a.pcap", 12, 1, 0); }
//--- a length that is no number
fentry:vfs_read { $r = skboutput("a.pcap", args.file, "x", 0); }
//--- an offset that is no number
fentry:vfs_read { $r = skboutput("a.pcap", args.file, 1, "x"); }
//--- an offset that is not known when compiling
fentry:vfs_read { $o = 14; $r = skboutput("a.pcap", args.file, 1, $o); }
//--- an offset before the packet
fentry:vfs_read { $r = skboutput("a.pcap", args.file, 1, -1); }
//--- what was kept in a map has lost its type
kfunc:vfs_read { @f[1] = args.file; print(path(@f[1].f_path)); }
