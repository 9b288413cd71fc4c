-- ends: time memory
while true do pcall(string.rep, "x", 1 << 40) pcall(string.rep, "x", 30000000) end
