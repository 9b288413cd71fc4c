-- ends: runtime time
local t = {}
for i = 1, 400000 do t[i] = "x" end
host.note(t)
