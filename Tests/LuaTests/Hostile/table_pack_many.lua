-- ends: time memory
while true do table.pack(table.unpack({}, 1, 200000)) end
