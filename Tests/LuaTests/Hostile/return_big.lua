-- ends: ends memory time
return ("x"):rep(8000000)
