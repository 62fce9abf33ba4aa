//--- an argument
uprobe:./target.elf:main { arg0 = 1; }
