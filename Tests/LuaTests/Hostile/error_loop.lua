-- ends: time
while true do pcall(error, {}) end
