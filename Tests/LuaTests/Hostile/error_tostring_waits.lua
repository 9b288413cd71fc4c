-- ends: runtime
error(setmetatable({}, { __tostring = function() return host.wait(1)[1] end }))
