//--- a map declared twice: the first declaration counts
let @m = hash(1);
let @m = lruhash(2);
begin { @m[1] = 1; }
