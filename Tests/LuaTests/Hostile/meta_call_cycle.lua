-- ends: runtime time
local t = {}
setmetatable(t, { __call = t })
t()
