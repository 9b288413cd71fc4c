-- ends: runtime
error(("long "):rep(1000000))
