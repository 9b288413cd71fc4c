-- ends: runtime
local ok, e = xpcall(error, function() return host.wait(1) end, "x")
error(e, 0)
