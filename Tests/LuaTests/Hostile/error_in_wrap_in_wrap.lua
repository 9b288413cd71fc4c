-- ends: runtime
local f = function() error("deep") end
for i = 1, 150 do f = coroutine.wrap(f) end
f()
