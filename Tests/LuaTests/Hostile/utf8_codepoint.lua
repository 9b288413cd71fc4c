-- ends: time runtime memory
local s = ("x"):rep(900000)
while true do utf8.codepoint(s, 1, -1) end
