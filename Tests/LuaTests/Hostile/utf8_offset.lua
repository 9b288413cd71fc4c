-- ends: time
local s = ("\xE4\xBD\xA0"):rep(1000000)
while true do utf8.offset(s, 900000) end
