-- ends: runtime time memory
table.unpack({}, 1, 1e8)
