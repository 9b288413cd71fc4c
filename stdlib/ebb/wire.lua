--- Values as answers have them: numbers that come as text, empty texts, nulls. For the models of refunds and orders.
local host = ...
local money = require "ebb.money"

---@class ebb.wire
local wire = {}

--- The value as text; nil where it is missing, null or empty.
---@param value any
---@return string?
function wire.text(value)
  if value == nil or value == "" or value == host.null then return nil end
  return tostring(value)
end

--- The first that is there, as text.
---@return string?
function wire.first(...)
  for index = 1, select("#", ...) do
    local value = wire.text((select(index, ...)))
    if value then return value end
  end
end

--- A whole number; nil where it is none.
---@return integer?
function wire.integer(value) return math.tointeger(tonumber(value)) end

--- Money of so many minor units; nil where they are unreadable, or Ebb does not know the currency: what cannot be reckoned
--- with is no amount.
---@param fen any
---@param currency? any CNY unless said
---@return ebb.Money?
function wire.amount(fen, currency)
  fen = wire.integer(fen)
  if not fen then return nil end
  local is_known, value = pcall(money.new, fen, wire.text(currency) or "CNY")
  return is_known and value or nil
end

--- Whether a flag is set.
---@return boolean
function wire.flag(value) return value == true or value == "true" end

return wire
