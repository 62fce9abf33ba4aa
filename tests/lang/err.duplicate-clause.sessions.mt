//--- two entries
session:./target.elf:main { entry { print(1); } entry { print(2); } }
//--- two returns
session:./target.elf:main { return { print(1); } return { print(2); } }
