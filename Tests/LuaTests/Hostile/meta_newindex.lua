-- ends: time memory runtime
local t
t = setmetatable({}, { __newindex = function(_, k, v) t[k .. "x"] = v end })
t.a = 1
