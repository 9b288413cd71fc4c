-- ends: runtime
host.note({ a = { b = function() end } })
