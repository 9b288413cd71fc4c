-- ends: time runtime ends
local function h(e) return xpcall(error, h, e) end
xpcall(error, h, "x")
