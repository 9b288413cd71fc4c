-- ends: runtime
setmetatable({}, { __mode = "k" })
