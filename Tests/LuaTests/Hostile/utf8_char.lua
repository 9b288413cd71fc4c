-- ends: time runtime memory
local t = {}
for i = 1, 200000 do t[i] = 65 end
while true do utf8.char(table.unpack(t)) end
