-- ends: time memory
local s = ("x"):rep(3000000)
while true do utf8.len(s) end
