-- ends: time ends
for i = 1, 100000000 do
  coroutine.wrap(function() end)()
end
