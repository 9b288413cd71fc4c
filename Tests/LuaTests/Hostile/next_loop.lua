-- ends: time
local t = { 1 }
while true do next(t) end
