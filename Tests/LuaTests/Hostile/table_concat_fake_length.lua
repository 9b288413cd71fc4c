-- ends: time memory runtime
table.concat(setmetatable({}, { __len = function() return 1e15 // 1 | 0 end, __index = function() return "" end }))
