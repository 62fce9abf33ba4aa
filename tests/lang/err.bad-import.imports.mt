//--- no such file
import "import/nosuch.bt";
begin { print(1); }
//--- a config block
import "import/config.bt";
begin { print(five()); }
