//--- nothing has such a name
q*:a:b { print(1) }
//--- what has no names to match is not meant
in*:s:1 { print(1) }
//--- too many parts for every kind
k*:a:b:c:d { print(1) }
