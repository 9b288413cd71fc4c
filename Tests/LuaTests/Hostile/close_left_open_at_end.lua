-- ends: time
-- A coroutine with a pending handler is left behind; closing the state must not run it.
keep = coroutine.create(function()
  local x <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
coroutine.resume(keep)
while true do end
