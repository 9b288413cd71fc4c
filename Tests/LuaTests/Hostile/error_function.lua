-- ends: runtime
error(function() end)
