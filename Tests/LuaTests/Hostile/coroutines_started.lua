-- ends: time memory ends
local all = {}
for i = 1, 1000000 do
  all[i] = coroutine.wrap(function() coroutine.yield() end)
  all[i]()
end
