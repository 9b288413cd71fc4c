-- ends: runtime memory
(""):rep(1e12, "abc")
