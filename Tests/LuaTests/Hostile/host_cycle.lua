-- ends: runtime
local t = {}
t[1] = t
host.note(t)
