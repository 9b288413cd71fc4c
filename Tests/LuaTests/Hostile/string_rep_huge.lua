-- ends: runtime memory
("x"):rep(1e15)
