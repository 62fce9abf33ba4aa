//--- a member that is no object of its own
struct s { static int a; };
begin { print(sizeof(struct s)); }
//--- behind its type
struct s { int auto b; };
begin { print(sizeof(struct s)); }
