-- ends: time
while true do host.place() end
