-- ends: time
local a, b = ("x"):rep(4000000), ("x"):rep(4000000) .. "y"
while true do local c = a < b end
