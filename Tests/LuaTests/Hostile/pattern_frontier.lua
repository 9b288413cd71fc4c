-- ends: time
local s = ("a"):rep(300000)
while true do s:find("%f[b]%w-c") end
