-- ends: time
local s = ("a"):rep(3000)
s:match("^" .. (".*"):rep(10) .. "b$")
