-- ends: time
while true do math.random(0) math.floor(1.5) end
