-- The marketplaces. A binding is made when it is first named, and knows its id, so that it can be handed to `act` and
-- `pages`.
local host, language = ...

local ids = {}

local function readonly(_, key)
  language.fail("the API's operations cannot be changed (" .. tostring(key) .. ")")
end

local function namespace(prefix)
  local function find(known, key)
    local path = prefix .. "." .. tostring(key)
    local value
    if host.operation(path) then
      value = function(arguments) return host.call(path, arguments) end
      ids[value] = path
    else
      value = namespace(path)
    end
    rawset(known, key, value)
    return value
  end
  return setmetatable({}, { __index = find, __newindex = readonly, __metatable = false })
end

taobao = namespace "taobao"
alibaba = namespace "alibaba"
account = namespace "account"
warehouse = namespace "warehouse"

function language.operation_id(operation, verb, position)
  local id = ids[operation] or (type(operation) == "string" and host.operation(operation) and operation)
  if id then return id end
  language.fail(verb .. ": argument " .. position .. " must be an operation such as taobao.refunds.cancel, not "
    .. (operation == nil and "nil: it may be misspelt" or "a " .. type(operation)))
end
