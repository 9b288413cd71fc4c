-- ends: time
local function looping() return setmetatable({}, { __close = function() while true do end end }) end
while true do
  pcall(function()
    local a <close> = looping()
    local b <close> = looping()
    error("x")
  end)
end
