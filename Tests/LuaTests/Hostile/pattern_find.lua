-- ends: time
local s = ("a"):rep(3000)
s:find((".-"):rep(10) .. "b")
