--- Everything Ebb gives a script, in one table: `local ebb = require "ebb"`.
local host = ...

return setmetatable({ null = host.null, report = report }, {
  __index = function(modules, name)
    local module = require("ebb." .. tostring(name))
    rawset(modules, name, module)
    return module
  end,
  __metatable = false,
})
