-- ends: ends runtime time
local function nested()
  local co = coroutine.create(function()
    local x <close> = setmetatable({}, { __close = nested })
    coroutine.yield()
  end)
  coroutine.resume(co)
  return coroutine.close(co)
end
local ok, why = nested()
if not ok then error(why, 0) end
