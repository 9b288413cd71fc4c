-- ends: runtime time ends
local t = {}
for i = 1, 20000 do t[i] = i * 7919 % 20011 end
table.sort(t, function() return true end)
