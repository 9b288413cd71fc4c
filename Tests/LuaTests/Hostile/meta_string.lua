-- ends: runtime time
getmetatable("").__index = function() while true do end end
local s = ("x").y
