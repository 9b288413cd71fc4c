-- ends: ends runtime
local t = setmetatable({}, { __name = ("x"):rep(1000000) })
local s = tostring(t)
return t + 1
