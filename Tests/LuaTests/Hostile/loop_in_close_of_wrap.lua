-- ends: time
local function body()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  error("x")
end
while true do pcall(coroutine.wrap(body)) end
