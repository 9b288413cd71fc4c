-- ends: runtime
local t = setmetatable({}, { __concat = function(a) while true do end end })
pcall(function() return t .. "x" end)
