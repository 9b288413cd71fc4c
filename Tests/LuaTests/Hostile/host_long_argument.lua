-- ends: runtime
host.note(("x"):rep(3000000))
