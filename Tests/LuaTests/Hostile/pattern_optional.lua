-- ends: time runtime
local n = 28
return (("a"):rep(n)):match(("a?"):rep(n) .. ("a"):rep(n) .. "b")
