-- ends: runtime
local function deeper(n) return coroutine.wrap(deeper_again)(n + 1) end
deeper_again = function(n) return deeper(n) end
deeper(1)
