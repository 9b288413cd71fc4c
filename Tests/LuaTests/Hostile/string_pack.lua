-- ends: runtime time memory ends
while true do string.pack("!16" .. ("i16"):rep(1000), 1) end
