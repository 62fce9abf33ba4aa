//--- macros of a file, and of what it imports
import "import/lib.bt";
begin { print((twice(4), four())); }
//--- a directory; its probes come first
import "import/many";
begin { print(1); }
