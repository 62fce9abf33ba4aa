//--- break outside a loop
begin { break; }
//--- continue outside a loop
begin { if (1) { continue; } }
//--- a variable that is never assigned
begin { print($nothing); }
//--- a variable of another block
begin { if (pid) { let $inner = 1; } print($inner); }
//--- declared twice
begin { let $x = 1; let $x = 2; }
//--- hidden by a loop
begin { let $i = 1; for $i : 0..3 { } }
//--- a string becomes a number
begin { $x = "a"; $x = 1; }
//--- a number becomes a string
begin { $x = 1; $x = "a"; }
//--- a map takes one type of value
begin { @m = 1; @m = "a"; }
//--- a map takes one type of key
begin { @m[1] = 1; @m["a"] = 1; }
//--- a map has a key or none
begin { @m = 1; @m[1] = 1; }
//--- more keys than before
begin { @m[1] = 1; @m[1, 2] = 1; }
//--- an aggregation is no value
begin { $x = count(); }
//--- an aggregation in an expression
begin { @m = count() + 1; }
//--- two aggregations of one map
begin { @m = count(); @m = sum(1); }
//--- adding to an aggregation
begin { @m = count(); @m += 1; }
//--- an aggregation of a string
begin { @m = sum("a"); }
//--- hist of a string
begin { @m = hist("a"); }
//--- hist with too many bits
begin { @m = hist(1, 6); }
//--- lhist without a step
begin { @m = lhist(1, 0, 10); }
//--- lhist with bounds the wrong way round
begin { @m = lhist(1, 10, 0, 1); }
//--- lhist with a step of nothing
begin { @m = lhist(1, 0, 10, 0); }
//--- lhist with bounds that vary
begin { @m = lhist(1, 0, pid, 1); }
//--- a loop over a variable
begin { $x = 1; for $kv : $x { } }
//--- a loop over a map without keys
begin { @m = 1; for $kv : @m { } }
//--- a loop over a map that is never written
begin { for $kv : @m { print($kv); } }
//--- a range of strings
begin { for $i : "a".."b" { } }
//--- unroll by a variable
begin { $n = pid; unroll($n) { } }
//--- unroll of nothing
begin { unroll(0) { } }
//--- unroll of too much
begin { unroll(1000) { } }
//--- a condition that is a tuple
begin { if ((1, 2)) { } }
//--- a predicate that is an aggregation
interval:s:1 /count()/ { print(1); }
//--- delete of a variable
begin { $x = 1; delete($x); }
//--- delete of a map without keys, with a key
begin { @m = 1; delete(@m, 1); }
//--- delete with a key of another type
begin { @m[1] = 1; delete(@m, "a"); }
//--- clear of a value
begin { @m[1] = 1; clear(@m[1]); }
//--- zero of a number
begin { zero(1); }
//--- has_key of a map without keys
begin { @m = 1; print(has_key(@m, 1)); }
//--- len of a number
begin { print(len(1)); }
//--- print of a top of a value
begin { @m[1] = 1; print(@m[1], 5); }
//--- a division of strings
begin { print("a" / "b"); }
//--- a comparison of a string and a number
begin { print("a" == 1); }
//--- a comparison of tuples of other lengths
begin { print((1, 2) == (1, 2, 3)); }
//--- not of a string
begin { print(~"a"); }
//--- minus of a string
begin { print(-"a"); }
//--- the memory behind a string
begin { print(*"a"); }
//--- counting up a number
begin { 1++; }
//--- counting up a string
begin { $x = "a"; $x++; }
//--- a member of a number
begin { $x = 1; print($x.y); }
//--- an element of a number
begin { $x = 1; print($x[0]); }
//--- an element that a tuple lacks
begin { print((1, 2).2); }
//--- a member that a record lacks
begin { print((a=1).b); }
//--- a record with a member twice
begin { print((a=1, a=2)); }
//--- an index that is a string
begin { $x = (int8[4])1; print($x["a"]); }
//--- the two sides of ?: differ
begin { print(pid ? 1 : "a"); }
//--- a negative shift
begin { print(1 << -1); }
//--- division by nothing
begin { print(1 / 0); }
