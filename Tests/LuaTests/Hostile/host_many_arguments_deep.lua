-- ends: runtime time
local t = {}
for i = 1, 150000 do t[i] = t end
host.note(t)
