-- ends: time
("a"):rep(3000):gsub((".-"):rep(10) .. "b", "c")
