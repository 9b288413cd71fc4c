-- ends: runtime time memory
local cycle = {}
setmetatable(cycle, { __call = cycle })
local function deep(n) if n == 0 then return cycle() end return 1 + deep(n - 1) end
while true do pcall(deep, 50000) end
