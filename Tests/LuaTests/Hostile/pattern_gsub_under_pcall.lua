-- ends: time
while true do pcall(string.gsub, ("a"):rep(3000), (".-"):rep(10) .. "b", "c") end
