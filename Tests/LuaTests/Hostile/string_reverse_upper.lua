-- ends: time memory
local s = ("x"):rep(4000000)
while true do s:reverse():upper():lower() end
