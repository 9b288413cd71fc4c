-- ends: ends runtime
return math.random(math.mininteger, math.maxinteger) ~= nil
