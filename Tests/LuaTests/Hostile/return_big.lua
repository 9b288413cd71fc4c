-- ends: ends memory
return ("x"):rep(8000000)
