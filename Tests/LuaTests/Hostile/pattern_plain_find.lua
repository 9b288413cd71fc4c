-- ends: time memory
local s, p = ("a"):rep(2000000), ("a"):rep(1000000) .. "b"
while true do s:find(p, 1, true) end
