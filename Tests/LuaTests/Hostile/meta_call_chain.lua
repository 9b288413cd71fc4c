-- ends: ends runtime time
local f = function() end
for i = 1, 20000 do f = setmetatable({}, { __call = f }) end
for i = 1, 1000 do f() end
