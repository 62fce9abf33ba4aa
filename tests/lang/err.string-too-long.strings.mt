//--- too long for max_strlen
config = { max_strlen = 10 } begin { print("abcdefghi"); print("abcdefghij"); }
