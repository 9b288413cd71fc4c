-- ends: time memory ends
local all = {}
for i = 1, 1000000 do all[i] = coroutine.create(function() coroutine.yield() end) end
