-- ends: time memory
local s = ("1"):rep(1000000)
while true do tonumber(s) tonumber(s, 36) end
