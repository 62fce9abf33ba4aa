//--- system
begin { system("ls"); }
//--- signal
uprobe:./target.elf:main { signal(9); }
