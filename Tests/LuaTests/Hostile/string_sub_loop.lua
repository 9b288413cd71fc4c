-- ends: time memory
local s = ("x"):rep(4000000)
while true do s:sub(2, -2) end
