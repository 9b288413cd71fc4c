-- ends: time
for _ in ("a"):rep(3000):gmatch((".-"):rep(10) .. "b") do end
