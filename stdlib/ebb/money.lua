--- Money that cannot be wrong by a fen: integers in minor units with their currency.
--- Amounts of one currency add, subtract and compare; those of two never do. There is no division, since it rounds:
--- `money.allocate` shares an amount out exactly.
---@class ebb.money
local money = {}

---@class ebb.Money
---@field fen integer minor units
---@field currency string ISO 4217
---@operator add(ebb.Money): ebb.Money
---@operator sub(ebb.Money): ebb.Money
---@operator mul(integer): ebb.Money
---@operator unm: ebb.Money

local Money = { __name = "money", __metatable = "money" }

--- How many minor units make one major unit of a currency.
local scales = { CNY = 100, USD = 100, EUR = 100, GBP = 100, HKD = 100, RUB = 100, BRL = 100, THB = 100, KZT = 100,
  VND = 1, KRW = 1, JPY = 1 }
local symbols = { ["¥"] = "CNY", ["￥"] = "CNY", ["元"] = "CNY", RMB = "CNY", ["$"] = "USD", ["€"] = "EUR" }

local function is_money(value)
  return type(value) == "table" and rawget(value, "fen") ~= nil and rawget(value, "currency") ~= nil
end

local function shown(value)
  return is_money(value) and money.format(value) or type(value) == "string" and '"' .. value .. '"' or tostring(value)
end

local function same(left, right, verb)
  if not (is_money(left) and is_money(right)) then
    local other = is_money(left) and right or left
    error("cannot " .. verb .. " money and " .. shown(other) .. ': give it a unit, as in money.parse "500 CNY"', 3)
  end
  if left.currency ~= right.currency then
    error("cannot " .. verb .. " " .. shown(left) .. " and " .. shown(right) .. ": two currencies", 3)
  end
end

--- So many minor units of a currency: `money.new(50000, "CNY")` is 500 yuan.
---@param minor integer
---@param currency string
---@return ebb.Money
function money.new(minor, currency)
  if math.type(minor) ~= "integer" then
    error("money is an integer of minor units (fen), not " .. shown(minor), 2)
  end
  if not scales[currency] then error("unknown currency " .. shown(currency), 2) end
  return setmetatable({ fen = minor, currency = currency }, Money)
end

--- So many fen.
---@param fen integer|ebb.Money
---@return ebb.Money
function money.cny(fen)
  if is_money(fen) then return fen end
  if math.type(fen) ~= "integer" then error("money.cny takes an integer of fen, not " .. shown(fen), 2) end
  return money.new(fen, "CNY")
end

local function minor_units(text, scale)
  local sign, whole, fraction = text:match("^([+-]?)(%d[%d,]*)%.?(%d*)$")
  if not whole then return nil end
  -- A comma parts thousands and nothing else: 1,50 must not be read as 150.
  local head, groups = whole:match("^(%d+)(.*)$")
  if groups:gsub(",%d%d%d", "") ~= "" then return nil end
  whole = head .. groups:gsub(",", "")
  local digits = scale == 100 and 2 or 0
  if #fraction > digits then
    if fraction:sub(digits + 1):find("[^0]") then return nil end
    fraction = fraction:sub(1, digits)
  end
  local minor = math.tointeger(whole .. fraction .. ("0"):rep(digits - #fraction))
  if not minor then return nil end
  return sign == "-" and -minor or minor
end

--- An amount of yuan as the API writes it, `"12.34"` or 12.34, without rounding; nil where it is none.
---@param value string|number
---@return ebb.Money?
function money.yuan(value)
  local minor = minor_units(type(value) == "number" and string.format("%.14g", value) or tostring(value), 100)
  return minor and money.new(minor, "CNY")
end

--- Reads `500 CNY`, `¥500`, `500元`, `50000 fen`; nil and the reason where the text is no amount with a unit.
---@param text string|ebb.Money
---@return ebb.Money?, string? reason
function money.parse(text)
  if is_money(text) then return text end
  local trimmed = tostring(text):match("^%s*(.-)%s*$")
  local fen = trimmed:match("^([+-]?%d+)%s*fen$") or trimmed:match("^([+-]?%d+)%s*分$")
  if fen then
    local minor = math.tointeger(fen)
    if not minor then return nil, shown(text) .. " is too large" end
    return money.new(minor, "CNY")
  end
  local number = trimmed:match("[+-]?%d[%d,]*%.?%d*")
  if not number then return nil, shown(text) .. " is no amount" end
  local first, last = trimmed:find(number, 1, true)
  local unit = (trimmed:sub(1, first - 1) .. trimmed:sub(last + 1)):match("^%s*(.-)%s*$")
  local currency = symbols[unit] or symbols[unit:upper()] or unit:upper()
  if unit == "" then
    return nil, shown(text) .. " has no unit: write " .. number .. " CNY, or " .. number .. " fen"
  end
  if not scales[currency] then return nil, shown(unit) .. " is no currency that Ebb knows" end
  local minor = minor_units(number, scales[currency])
  if not minor then return nil, shown(text) .. " has more decimals than " .. currency end
  return money.new(minor, currency)
end

--- The amount for people: `1,234.56 CNY`; in Chinese yuan are `1,234.56元`.
---@param value ebb.Money
---@param language? "en"|"zh"
---@return string
function money.format(value, language)
  local scale = scales[value.currency]
  local digits = string.format("%d", value.fen):gsub("^-", "")
  local fraction = ""
  if scale == 100 then
    digits = ("0"):rep(3 - #digits) .. digits
    fraction = "." .. digits:sub(-2)
    digits = digits:sub(1, -3)
  end
  local grouped = digits:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "")
  local unit = language == "zh" and value.currency == "CNY" and "元" or " " .. value.currency
  return (value.fen < 0 and "-" or "") .. grouped .. fraction .. unit
end

--- The sum of a list; `nothing` (0 CNY unless given) where it is empty.
---@param list ebb.Money[]
---@param nothing? ebb.Money
---@return ebb.Money
function money.sum(list, nothing)
  local total
  for index = 1, #list do total = total and total + list[index] or list[index] end
  return total or nothing or money.cny(0)
end

--- The sums of a list that may hold several currencies: one amount for each, by the currencies' names.
---@param list ebb.Money[]
---@return ebb.Money[]
function money.sums(list)
  local sums, currencies = {}, {}
  for index = 1, #list do
    local value = list[index]
    if not is_money(value) then error("money.sums adds up money, not " .. shown(value), 2) end
    if not sums[value.currency] then currencies[#currencies + 1] = value.currency end
    sums[value.currency] = sums[value.currency] and sums[value.currency] + value or value
  end
  table.sort(currencies)
  for index = 1, #currencies do currencies[index] = sums[currencies[index]] end
  return currencies
end

--- Shares an amount out by weights, to the last fen: the parts add up to the whole. What does not divide goes to the
--- largest remainders, the earlier part first.
---@param value ebb.Money
---@param weights integer[]
---@return ebb.Money[]
function money.allocate(value, weights)
  if not is_money(value) then error("money.allocate shares out money, not " .. shown(value), 2) end
  local total = 0
  for index = 1, #weights do
    local weight = weights[index]
    if math.type(weight) ~= "integer" or weight < 0 then error("a weight is an integer from 0", 2) end
    if weight > math.maxinteger - total then error("the weights are too large", 2) end
    total = total + weight
  end
  if total == 0 then error("the weights add up to nothing", 2) end
  local sign, rest = value.fen < 0 and -1 or 1, math.abs(value.fen)
  local whole, parts, order = rest, {}, {}
  -- The least integer has no opposite, and stays negative.
  if whole < 0 or total > 1 and whole > math.maxinteger // total then error("the amount is too large to share out", 2) end
  for index = 1, #weights do
    local exact = whole * weights[index]
    parts[index] = exact // total
    rest = rest - parts[index]
    order[index] = { index = index, remainder = exact % total }
  end
  table.sort(order, function(left, right)
    if left.remainder ~= right.remainder then return left.remainder > right.remainder end
    return left.index < right.index
  end)
  for place = 1, rest do
    local index = order[place].index
    parts[index] = parts[index] + 1
  end
  for index = 1, #parts do parts[index] = money.new(sign * parts[index], value.currency) end
  return parts
end

--- Whether a value is money.
---@type fun(value: any): boolean
money.is = is_money

--- -1, 0 or 1: whether the first of two amounts of one currency is less than, equal to or greater than the second.
---@param left ebb.Money
---@param right ebb.Money
---@return -1|0|1
function money.compare(left, right)
  same(left, right, "compare")
  return left.fen < right.fen and -1 or left.fen > right.fen and 1 or 0
end

--- The amount without its sign.
---@param value ebb.Money
---@return ebb.Money
function money.abs(value)
  if not is_money(value) then error("money.abs takes money, not " .. shown(value), 2) end
  return value.fen < 0 and -value or value
end

--- The smaller of two amounts of one currency.
---@param left ebb.Money
---@param right ebb.Money
---@return ebb.Money
function money.min(left, right)
  return right < left and right or left
end

--- The larger of two amounts of one currency.
---@param left ebb.Money
---@param right ebb.Money
---@return ebb.Money
function money.max(left, right)
  return left < right and right or left
end

local function product(left, right)
  local value, factor = left, right
  if not is_money(value) then value, factor = right, left end
  if math.type(factor) ~= "integer" then
    error("money is multiplied by an integer; use money.allocate to share it out", 2)
  end
  local minor = value.fen * factor
  -- The least integer has no opposite: the only product that its quotient does not give away.
  local is_wrong = factor ~= 0 and (minor // factor ~= value.fen or factor == -1 and value.fen == math.mininteger)
  if is_wrong then error("the amount is too large", 2) end
  return money.new(minor, value.currency)
end

local function added(left, right)
  local sum = left + right
  if (left >= 0) == (right >= 0) and (sum >= 0) ~= (left >= 0) then error("the amount is too large", 3) end
  return sum
end

Money.__add = function(left, right)
  same(left, right, "add")
  return money.new(added(left.fen, right.fen), left.currency)
end
Money.__sub = function(left, right)
  same(left, right, "subtract")
  if right.fen == math.mininteger then error("the amount is too large", 2) end
  return money.new(added(left.fen, -right.fen), left.currency)
end
Money.__mul = product
Money.__unm = function(value)
  if value.fen == math.mininteger then error("the amount is too large", 2) end
  return money.new(-value.fen, value.currency)
end
Money.__eq = function(left, right) return left.fen == right.fen and left.currency == right.currency end
Money.__lt = function(left, right)
  same(left, right, "compare")
  return left.fen < right.fen
end
Money.__le = function(left, right)
  same(left, right, "compare")
  return left.fen <= right.fen
end
Money.__tostring = function(value) return money.format(value) end

return money
