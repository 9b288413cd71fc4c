--- Everything Ebb gives a script, in one table: `local ebb = require "ebb"`.
local host = ...

---@class ebb
---@field null any null in an array
---@field aftersales ebb.aftersales
---@field events ebb.events
---@field list ebb.list
---@field money ebb.money
---@field notify ebb.notify
---@field orders ebb.orders
---@field pages ebb.pages
---@field retry fun(times: integer, wait: string|integer|(string|integer)[], fn: fun(attempt: integer): any): any
---@field state ebb.state
---@field text ebb.text
---@field time ebb.time
return setmetatable({ null = host.null, report = report }, {
  __index = function(modules, name)
    local module = require("ebb." .. tostring(name))
    rawset(modules, name, module)
    return module
  end,
  __metatable = false,
})
