-- ends: time memory runtime
table.move({}, math.mininteger, -2, 1)
