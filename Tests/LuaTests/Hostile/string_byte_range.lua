-- ends: runtime time ends memory
local s = ("x"):rep(1000000)
while true do string.byte(s, 1, -1) end
