-- The language of playbooks: what a script sees beside Lua itself. It is loaded into every run before the script and
-- receives `host`, the calls that Swift answers. Whatever leaves the script goes through one of them.
local host = ...

local money -- loaded when the first amount is made: a run without money does not pay for it

local function amount(fields)
  money = money or require "ebb.money"
  return money.new(fields.fen, fields.currency)
end

local function fail(message, level)
  host.raise("invalid", message, level)
end

local function checked(value, expected, verb, position)
  if type(value) == expected then return value end
  fail(verb .. ": argument " .. position .. " must be a " .. expected .. ", not " .. type(value))
end

-- Operations. A binding is made when it is first named, and knows its id, so that it can be handed to `act` and `pages`.
local ids = {}

local function readonly(_, key)
  fail("the API's operations cannot be changed (" .. tostring(key) .. ")")
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

for _, market in ipairs { "taobao", "alibaba", "account", "warehouse" } do
  _ENV[market] = namespace(market)
end

local function operation_id(operation, verb, position)
  local id = ids[operation] or (type(operation) == "string" and host.operation(operation) and operation)
  if id then return id end
  fail(verb .. ": argument " .. position .. " must be an operation such as taobao.refunds.cancel, not "
    .. (operation == nil and "nil: it may be misspelt" or "a " .. type(operation)))
end

-- Subjects. What a decision keeps of one: its id, and its amount where it has one.
local wrappers = { "refundOrder", "refundOrderAggregate", "purchaseOrderLine", "opOrderRefundModelDetail" }
local names = { "id", "refundId", "orderId", "purchaseOrderId", "purchaseOrderLineId" }

local function id_of(item)
  if type(item) ~= "table" then return item end
  for _, name in ipairs(names) do
    if item[name] ~= nil then return item[name] end
  end
  for _, wrapper in ipairs(wrappers) do
    local id = type(item[wrapper]) == "table" and id_of(item[wrapper])
    if id then return id end
  end
end

local function subject_of(item, otherwise)
  local id = id_of(item)
  if id == nil then id = otherwise end
  if type(id) ~= "string" and math.type(id) ~= "integer" then
    fail("a subject is a table with an id, or an id itself, not " .. (type(item) == "table" and "a table without one"
      or type(item)))
  end
  local subject = { id = tostring(id) }
  if type(item) == "table" then
    local value = item.amount
    if type(value) == "table" and value.fen then subject.amount = { fen = value.fen, currency = value.currency } end
    if math.type(item.deadline) == "integer" then subject.deadline = item.deadline end
    if type(item.title) == "string" then subject.title = item.title end
  end
  return subject
end

-- Decisions.
function keep(subject, reason, detail)
  host.decide("kept", subject_of(subject), checked(reason, "string", "keep", 2), detail)
end

function hand_over(subject, reason, detail)
  host.decide("handed_over", subject_of(subject), checked(reason, "string", "hand_over", 2), detail)
end

function act(subject, reason, operation, arguments)
  local id = operation_id(operation, "act", 3)
  local answer, second = host.act(subject_of(subject), checked(reason, "string", "act", 2), id, arguments)
  -- What was not done answers null and a code. Null counts as true in Lua: it must not pass for an answer.
  if type(second) == "string" then return nil, second end
  return answer, second
end

-- Lists.
local function explain(problem)
  return { problem = problem, at = host.where() }
end

local function attempt(fn, item, index)
  local stopped = host.stopped()
  if stopped then return host.decide("kept", subject_of(item, "#" .. index), stopped) end
  local ok, failure = xpcall(fn, explain, item, index)
  if not ok then
    local problem = failure.problem
    local known = type(problem) == "table" and problem.code ~= nil
    host.failed(subject_of(item, "#" .. index), known and problem or tostring(problem), failure.at)
  end
end

function each(list, options, fn)
  if fn == nil then options, fn = {}, options end
  checked(list, "table", "each", 1)
  checked(options, "table", "each", 2)
  checked(fn, "function", "each", "last")
  local concurrency = options.concurrency or 1
  if math.type(concurrency) ~= "integer" or concurrency < 1 then
    fail("each: concurrency must be an integer from 1")
  end
  if concurrency == 1 then
    for index = 1, #list do attempt(fn, list[index], index) end
  elseif #list > 0 then
    host.hold(function(index) attempt(fn, list[index], index) end)
    host.branches(#list, concurrency)
  end
end

function parallel(functions)
  checked(functions, "table", "parallel", 1)
  local results, count = {}, #functions
  for index = 1, count do checked(functions[index], "function", "parallel", index) end
  if count > 0 then
    host.hold(function(index) results[index] = functions[index]() end)
    host.branches(count, count)
  end
  return table.unpack(results, 1, count)
end

-- Time.
function now() return host.now() end
function sleep(duration) host.sleep(duration) end
function wait_until(instant) host.wait_until(instant) end

-- What a person reads.
local function logger(level)
  return function(message, fields) host.log(level, type(message) == "string" and message or tostring(message), fields) end
end

log = setmetatable({ debug = logger "debug", info = logger "info", warn = logger "warn", error = logger "error" },
  { __call = function(self, ...) return self.info(...) end })

print = function(...)
  local words = table.pack(...)
  for index = 1, words.n do words[index] = tostring(words[index]) end
  host.log("info", table.concat(words, "\t"))
end

function report(title, rows)
  if type(title) == "table" and rows == nil then title, rows = "", title end
  host.report(checked(title, "string", "report", 1), checked(rows, "table", "report", 2))
end

-- The header.
params = host.params()
event = host.event()

local function typed(value, spec)
  if value == nil or type(spec) ~= "table" then return value end
  if spec.type == "money" then return amount(value) end
  if spec.type == "list" and spec.of == "money" then
    for index = 1, #value do value[index] = amount(value[index]) end
  end
  return value
end

function playbook(header)
  local values = host.playbook(checked(header, "table", "playbook", 1))
  for name in pairs(params) do params[name] = nil end
  for name, spec in pairs(header.params or {}) do params[name] = typed(values[name], spec) end
  return params
end

-- What the modules of the standard library need beside the host's own calls; scripts do not see it.
host.null = host.nothing()[1]
host.operation_id = operation_id
host.id_of = id_of
