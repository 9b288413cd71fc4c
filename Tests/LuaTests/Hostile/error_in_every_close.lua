-- ends: runtime
local function bad() return setmetatable({}, { __close = function() error("close") end }) end
local a <close>, b <const> = bad(), 1
local c <close> = bad()
error("first")
