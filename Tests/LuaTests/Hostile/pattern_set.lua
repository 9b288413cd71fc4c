-- ends: time
local s = ("a"):rep(1000000)
while true do s:find("[" .. ("b-c"):rep(2000) .. "]") end
