-- ends: runtime
error(setmetatable({}, { __tostring = function() return {} end }))
