//--- in return
session:./target.elf:main { entry { print(1); } return { skip; } }
//--- in a uprobe
uprobe:./target.elf:main { skip; }
