--- Reads a paged operation to its end before the first row is handed out: an offset page shifts when the loop changes
--- what it lists. One row per id. `pages(taobao.refunds.list, { refundStatus = 10 }, { max = 200 })`.
local host = ...

local default_maximum = 200

--- Where answers keep their rows; the first spelling is the documented one (1688 keyword query), the others are met.
local row_fields = { "data", "list", "records", "rows", "result" }
local total_fields = { "totalRecords", "totalRecord", "total", "totalCount", "results_total" }

local function at(value, pointer)
  for token in pointer:gmatch("/([^/]+)") do
    if type(value) ~= "table" then return nil end
    value = value[token]
  end
  return value
end

local function rows_of(answer)
  if type(answer) ~= "table" then return {} end
  for _, field in ipairs(row_fields) do
    if type(answer[field]) == "table" then return answer[field] end
  end
  return answer
end

local function integer(value)
  return math.tointeger(type(value) == "string" and tonumber(value) or value)
end

local function first(answer, fields)
  for _, field in ipairs(fields) do
    local value = type(answer) == "table" and integer(answer[field])
    if value then return value end
  end
end

--- Whether more rows follow, by the answer's totals where it has them, else by a page that is full.
local function follows(answer, number, count, size, seen)
  if count == 0 then return false end
  local pages_in_all = first(answer, { "totalPage", "totalPages", "pages" })
  if pages_in_all and pages_in_all > 0 then return number < pages_in_all end
  local rows_in_all = first(answer, total_fields)
  if rows_in_all and rows_in_all > 0 then return seen < rows_in_all end
  return count >= (first(answer, { "pageSize", "page_size" }) or size)
end

local function set(arguments, pointer, value)
  arguments[pointer:sub(2)] = value
end

local function reader(operation, arguments, options)
  local id = host.shared.operation_id(operation, "pages", 1)
  local rule = host.page(id)
  local maximum = options and options.max or default_maximum
  local size = options and options.size or rule.size
  local request = {}
  for key, value in pairs(arguments or {}) do request[key] = value end
  local number, seen, done = 0, 0, false
  return function()
    if done then return nil end
    number = number + 1
    if number > maximum then
      host.raise("too_many_pages", id .. " has more than " .. maximum .. " pages; nothing was acted on. Narrow the filter, "
        .. "or allow more with { max = … }")
    end
    if rule.number then set(request, rule.number, number) end
    if rule.size_field then set(request, rule.size_field, size) end
    local answer = host.call(id, request)
    local rows = rows_of(answer)
    seen = seen + #rows
    done = not rule.number or not follows(answer, number, #rows, size, seen)
    return rows, rule
  end
end

local function key_of(row, rule)
  local id = rule.id and at(row, rule.id)
  if id == nil then id = host.shared.id_of(row) end
  return id ~= nil and tostring(id) or nil
end

local function all(_, operation, arguments, options)
  local list, places = {}, {}
  for rows, rule in reader(operation, arguments, options) do
    for index = 1, #rows do
      local row = rows[index]
      local key = key_of(row, rule)
      local place = key and places[key] or #list + 1
      list[place] = row
      if key then places[key] = place end
    end
  end
  return list
end

--- The rows one by one, while pages are read: for reports only, since a write in its loop would shift the pages.
---@param operation function such as `taobao.refunds.list`
---@param arguments? table
---@param options? { max?: integer, size?: integer } the most pages, and the rows of one
---@return fun(): table?
local function stream(operation, arguments, options)
  local next_page = reader(operation, arguments, options)
  local rows, index = {}, 0
  return function()
    index = index + 1
    while index > #rows do
      rows, index = next_page(), 1
      if not rows then return nil end
    end
    return rows[index]
  end
end

---@class ebb.pages
---@field stream fun(operation: function, arguments?: table, options?: { max?: integer, size?: integer }): fun(): table?
---@overload fun(operation: function, arguments?: table, options?: { max?: integer, size?: integer }): table[]
return setmetatable({ stream = stream }, { __call = all, __metatable = false })
