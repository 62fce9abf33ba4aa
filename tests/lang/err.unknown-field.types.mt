//--- a member, almost
begin { print(((struct list_head *)0).nxt); }
//--- a member of a member
begin { print(((struct hlist_head *)0).first.next.nothing); }
//--- an offset
begin { print(offsetof(struct list_head, nothing)); }
