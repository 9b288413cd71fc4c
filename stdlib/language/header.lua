-- The header, the parameters, and the event that started the run.
local host, language = ...

params = host.params()
event = host.event()

local function amount(fields)
  return require "ebb.money".new(fields.fen, fields.currency)
end

local function rows(list, columns)
  for name, column in pairs(columns) do
    if column.type == "money" then
      for index = 1, #list do
        local value = list[index][name]
        if value ~= nil then list[index][name] = amount(value) end
      end
    end
  end
  return list
end

local function typed(value, spec)
  if value == nil or type(spec) ~= "table" then return value end
  if spec.type == "money" then return amount(value) end
  if spec.type == "list" and spec.of == "money" then
    for index = 1, #value do value[index] = amount(value[index]) end
  end
  if spec.type == "rows" then return rows(value.rows, spec.columns) end
  return value
end

function playbook(header)
  local values = host.playbook(language.checked(header, "table", "playbook", 1))
  for name in pairs(params) do params[name] = nil end
  for name, spec in pairs(header.params or {}) do params[name] = typed(values[name], spec) end
  return params
end
