--- Lists: what loops do over and over, always in the same order. Nothing here changes the list it is given.
---
--- Where a key is asked for, it is a field's name or a function: `"supplier"` or `function(row) return row.supplier end`.
local host = ...

---@alias ebb.list.Key string|fun(item: any, index: integer): any

---@class ebb.list
local list = {}

local function fail(verb, message) host.raise("invalid", "list." .. verb .. ": " .. message) end

local function checked(items, verb, position)
  if type(items) ~= "table" then
    fail(verb, "argument " .. (position or 1) .. " must be a list, not " .. (items == nil and "nil" or "a " .. type(items)))
  end
  if #items == 0 and next(items) ~= nil then
    fail(verb, "argument " .. (position or 1) .. " must be a list, not a table with the field " .. tostring((next(items))))
  end
  return items
end

local function callback(fn, verb)
  if type(fn) ~= "function" then fail(verb, "argument 2 must be a function, not " .. (fn == nil and "nil" or "a " .. type(fn))) end
  return fn
end

local function itself(item) return item end

--- What takes the key of an item; without one the item itself, where that makes sense.
local function selector(key, verb, is_optional)
  if key == nil and is_optional then return itself end
  if type(key) == "function" then return key end
  if type(key) ~= "string" then fail(verb, "the key must be a field's name or a function, not " .. type(key)) end
  return function(item, index)
    if type(item) ~= "table" then fail(verb, "item " .. index .. " is a " .. type(item) .. " and has no field " .. key) end
    return item[key]
  end
end

--- What fn makes of each item. A result of nil is refused: it would leave a hole.
---@generic T, U
---@param items T[]
---@param fn fun(item: T, index: integer): U
---@return U[]
function list.map(items, fn)
  checked(items, "map") callback(fn, "map")
  local results = {}
  for index = 1, #items do
    local result = fn(items[index], index)
    if result == nil then fail("map", "the function returned nil for item " .. index .. "; list.filter leaves items out") end
    results[index] = result
  end
  return results
end

local function chosen(items, fn, wanted)
  local results = {}
  for index = 1, #items do
    if (fn(items[index], index) and true or false) == wanted then results[#results + 1] = items[index] end
  end
  return results
end

--- The items for which fn says true.
---@generic T
---@param items T[]
---@param fn fun(item: T, index: integer): any
---@return T[]
function list.filter(items, fn) return chosen(checked(items, "filter"), callback(fn, "filter"), true) end

--- The items for which it does not.
---@generic T
---@param items T[]
---@param fn fun(item: T, index: integer): any
---@return T[]
function list.reject(items, fn) return chosen(checked(items, "reject"), callback(fn, "reject"), false) end

--- The first item for which fn says true, and its place; nil where there is none.
---@generic T
---@param items T[]
---@param fn fun(item: T, index: integer): any
---@return T?, integer?
function list.find(items, fn)
  checked(items, "find") callback(fn, "find")
  for index = 1, #items do
    if fn(items[index], index) then return items[index], index end
  end
end

local scalars = { string = true, number = true, boolean = true }

local function scalar(value, verb, index)
  if value == nil or scalars[type(value)] and value == value then return value end
  fail(verb, "the key of item " .. index .. " is a " .. type(value) .. "; a key is text, a number or a boolean")
end

--- The items with equal keys together: a list of `{ key =, items = }`, in the order in which the keys first appear.
--- Items without a key are a group with `key = nil`.
---@generic T
---@param items T[]
---@param key ebb.list.Key
---@return { key: any, items: T[] }[]
function list.group(items, key)
  checked(items, "group")
  local of, groups, places, keyless = selector(key, "group"), {}, {}, nil
  for index = 1, #items do
    local value = scalar(of(items[index], index), "group", index)
    local group
    if value == nil then group = keyless else group = places[value] end
    if not group then
      group = { key = value, items = {} }
      groups[#groups + 1] = group
      if value == nil then keyless = group else places[value] = group end
    end
    group.items[#group.items + 1] = items[index]
  end
  return groups
end

--- The items by their keys. Two items with one key are an error, and so is one without: `list.group` takes both.
---@generic T
---@param items T[]
---@param key ebb.list.Key
---@return table<any, T>
function list.index(items, key)
  checked(items, "index")
  local of, found, places = selector(key, "index"), {}, {}
  for index = 1, #items do
    local value = scalar(of(items[index], index), "index", index)
    if value == nil then fail("index", "item " .. index .. " has no key") end
    if places[value] then
      fail("index", "items " .. places[value] .. " and " .. index .. " have the same key, " .. tostring(value)
        .. "; list.group keeps both")
    end
    found[value], places[value] = items[index], index
  end
  return found
end

--- What kind of order a key has; keys of two kinds have none.
local function kind_of(value)
  if math.type(value) then return "number" end
  if type(value) == "table" and rawget(value, "fen") ~= nil and rawget(value, "currency") ~= nil then
    return "money in " .. tostring(value.currency)
  end
  return type(value)
end

local sortable = { number = true, string = true, boolean = true }

--- The keys of the items, all of one kind; booleans as numbers, so that false comes before true.
local function keys_of(items, key, verb)
  local of, keys, kind, first = selector(key, verb, true), {}, nil, nil
  for index = 1, #items do
    local value = of(items[index], index)
    if value ~= nil then
      local own = kind_of(value)
      if not sortable[own] and own:sub(1, 6) ~= "money " or value ~= value then
        fail(verb, "the key of item " .. index .. " has no order: it is " .. (value ~= value and "no number" or "a " .. own))
      end
      if kind and own ~= kind then
        fail(verb, "the key of item " .. first .. " is a " .. kind .. ", that of item " .. index .. " a " .. own)
      end
      kind, first = kind or own, first or index
      if own == "boolean" then value = value and 1 or 0 end
    end
    keys[index] = value
  end
  return keys
end

--- The items in the order of their keys: numbers, text by bytes, money of one currency, false before true; items
--- without a key come last. Items with equal keys keep their order, so that a list can be sorted by several keys, the
--- least important first.
---@generic T
---@param items T[]
---@param key? ebb.list.Key the item itself where left out
---@param order? "ascending"|"descending"
---@return T[]
function list.sort(items, key, order)
  checked(items, "sort")
  if order ~= nil and order ~= "ascending" and order ~= "descending" then
    fail("sort", 'the order is "ascending" or "descending", not ' .. tostring(order))
  end
  local keys, places = keys_of(items, key, "sort"), {}
  for index = 1, #items do places[index] = index end
  table.sort(places, function(left, right)
    local a, b = keys[left], keys[right]
    if a == nil or b == nil then return a ~= nil end
    if order == "descending" then return b < a end
    return a < b
  end)
  local sorted = {}
  for index = 1, #places do sorted[index] = items[places[index]] end
  return sorted
end

--- The list in pieces of so many items; the last may be shorter.
---@generic T
---@param items T[]
---@param size integer
---@return T[][]
function list.chunk(items, size)
  checked(items, "chunk")
  if math.type(size) ~= "integer" or size < 1 then fail("chunk", "the size must be an integer from 1, not " .. tostring(size)) end
  local chunks = {}
  for index = 1, #items do
    local place = (index - 1) // size + 1
    local chunk = chunks[place] or {}
    chunk[#chunk + 1] = items[index]
    chunks[place] = chunk
  end
  return chunks
end

--- The items without those whose key came before; those without a key all stay.
---@generic T
---@param items T[]
---@param key? ebb.list.Key the item itself where left out
---@return T[]
function list.unique(items, key)
  checked(items, "unique")
  local of, seen, results = selector(key, "unique", true), {}, {}
  for index = 1, #items do
    local value = scalar(of(items[index], index), "unique", index)
    if value == nil or not seen[value] then
      if value ~= nil then seen[value] = true end
      results[#results + 1] = items[index]
    end
  end
  return results
end

--- The sum of numbers, or of money in one currency; `nothing` (0 unless given) of an empty list. A sum of integers that
--- leaves 64 bits is an error.
---@param items any[]
---@param key? ebb.list.Key the item itself where left out
---@param nothing? any
---@return any
function list.sum(items, key, nothing)
  checked(items, "sum")
  local of, total = selector(key, "sum", true), nil
  for index = 1, #items do
    local value = of(items[index], index)
    local kind = kind_of(value)
    if kind ~= "number" and kind:sub(1, 6) ~= "money " then
      fail("sum", "item " .. index .. " is no number and no amount: " .. tostring(value))
    end
    if total == nil then
      total = value
    elseif math.type(total) == "integer" and math.type(value) == "integer" then
      local sum = total + value
      if (total >= 0) == (value >= 0) and (sum >= 0) ~= (total >= 0) then fail("sum", "the sum leaves 64 bits") end
      total = sum
    else
      total = total + value
    end
  end
  if total ~= nil then return total end
  if nothing ~= nil then return nothing end
  return 0
end

local function extreme(items, key, verb, is_better)
  checked(items, verb)
  local keys, best = keys_of(items, key, verb), nil
  for index = 1, #items do
    if keys[index] ~= nil and (best == nil or is_better(keys[index], keys[best])) then best = index end
  end
  if best then return items[best], best end
end

--- The item with the greatest key, and its place; of several the first; nil of an empty list.
---@generic T
---@param items T[]
---@param key? ebb.list.Key the item itself where left out
---@return T?, integer?
function list.max(items, key) return extreme(items, key, "max", function(a, b) return b < a end) end

--- The item with the least key, and its place; of several the first; nil of an empty list.
---@generic T
---@param items T[]
---@param key? ebb.list.Key the item itself where left out
---@return T?, integer?
function list.min(items, key) return extreme(items, key, "min", function(a, b) return a < b end) end

---@class ebb.list.Set
---@field add fun(value: any): boolean whether it is new
---@field has fun(value: any): boolean
---@field remove fun(value: any): boolean whether it was there
---@field values fun(): any[] in the order in which they were added
---@field count fun(): integer

--- A set of any values, tables and functions too, that keeps the order in which they were added. Tables are the same
--- where they are one and the same table. Its functions are called with a dot: `seen.add(id)`.
---@param items? any[]
---@return ebb.list.Set
function list.set(items)
  local places, order, last, count = {}, {}, 0, 0
  local gone = {}
  local set = {}
  function set.add(value)
    if value == nil or value ~= value then fail("set", "nil and what is no number cannot be in a set") end
    if places[value] then return false end
    last, count = last + 1, count + 1
    order[last], places[value] = value, last
    return true
  end
  function set.has(value) return value ~= nil and places[value] ~= nil end
  function set.remove(value)
    local place = value ~= nil and places[value]
    if not place then return false end
    order[place], places[value] = gone, nil
    count = count - 1
    return true
  end
  function set.values()
    local values = {}
    for place = 1, last do
      if order[place] ~= gone then values[#values + 1] = order[place] end
    end
    return values
  end
  function set.count() return count end
  if items ~= nil then
    checked(items, "set")
    for index = 1, #items do set.add(items[index]) end
  end
  return set
end

--- The items of two lists in pairs, `{ { a1, b1 }, { a2, b2 } }`. Lists of different lengths are an error.
---@param left any[]
---@param right any[]
---@return any[][]
function list.zip(left, right)
  checked(left, "zip") checked(right, "zip", 2)
  if #left ~= #right then fail("zip", "one list has " .. #left .. " items, the other " .. #right) end
  local pairs_of_items = {}
  for index = 1, #left do pairs_of_items[index] = { left[index], right[index] } end
  return pairs_of_items
end

--- The items of all the lists in a list, one after the other; one level deep.
---@param lists any[][]
---@return any[]
function list.flatten(lists)
  checked(lists, "flatten")
  local results = {}
  for index = 1, #lists do
    if type(lists[index]) ~= "table" then fail("flatten", "item " .. index .. " is no list") end
    local inner = checked(lists[index], "flatten")
    for place = 1, #inner do results[#results + 1] = inner[place] end
  end
  return results
end

return list
