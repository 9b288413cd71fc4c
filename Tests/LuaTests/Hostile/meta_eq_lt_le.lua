-- ends: time
local m = {}
m.__eq = function() while true do end end
m.__lt, m.__le = m.__eq, m.__eq
local a, b = setmetatable({}, m), setmetatable({}, m)
while true do pcall(function() return a == b, a < b, a <= b end) end
