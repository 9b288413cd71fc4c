-- ends: runtime
local t = {}
t.t = t
error(t)
