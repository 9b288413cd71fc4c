-- ends: time
local s = ("("):rep(300000)
while true do s:find("%b()") end
