-- ends: time memory
local s = ("\0"):rep(1000000)
while true do string.format("%q", s) end
