-- ends: time runtime memory
local function f(...) for i = 1, 1e9 do select(-1, ...) end end
f(table.unpack({}, 1, 200000))
