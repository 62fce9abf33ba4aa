//--- from one map to another
begin { @q = count(); @z = @q; }
//--- a histogram
begin { @q = hist(1); @z = @q; }
