//--- below the top of a session
session:./target.elf:main { if (pid) { entry { print(1); } } }
