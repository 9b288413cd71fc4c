-- ends: runtime time ends
for i = 1, 1e9 do string.format("%99999999d", 1) end
