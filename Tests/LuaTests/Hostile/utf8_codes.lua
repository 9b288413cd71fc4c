-- ends: time
local s = ("x"):rep(3000000)
while true do for _ in utf8.codes(s) do end end
