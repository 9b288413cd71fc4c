--- What a test file sees beside Lua itself: `test`, `worlds`, `given`, `happens`, `change`, `look`, `marketplace`,
--- `advance`, `at`, `faults`, `play`, `resume`, `hold`, `release`, `approve`, `reject`, `effects`, `history`, `notices`,
--- `now` and `expect`. Each case is run in a state and a marketplace of its own.
local host = ...

local tests = {}
local names = {}

local function fail(message) host.fail("invalid", message) end

-- Declaring

local function add(name, body, arguments)
  if names[name] then fail("test: there are two tests called \"" .. name .. "\"") end
  names[name] = true
  tests[#tests + 1] = { name = name, body = body, arguments = arguments }
end

--- Declares a test; with cases, one for each: `test("keeps %s", { "a", "b" }, function(word) … end)`.
function test(name, cases, body)
  if body == nil then cases, body = nil, cases end
  if type(name) ~= "string" or name == "" then fail("test: the first argument is its name") end
  if type(body) ~= "function" then fail("test: the last argument is a function") end
  if cases == nil then return add(name, body, { n = 0 }) end
  if type(cases) ~= "table" or #cases == 0 then fail("test: its cases are a list that is not empty") end
  for index, case in ipairs(cases) do
    local arguments = type(case) == "table" and table.pack(table.unpack(case)) or table.pack(case)
    local fits, label = pcall(string.format, name, table.unpack(arguments, 1, arguments.n))
    if not fits then fail("test: \"" .. name .. "\" has more places than case " .. index .. " has values") end
    add(label == name and name .. " [" .. index .. "]" or label, body, arguments)
  end
end

--- Declares what holds in every world: `worlds("cancels nothing that is on its way back", function(world) … end)`. It is
--- run in random worlds, each a test by its number; `world` holds the ids of what is there, and what goes wrong.
function worlds(name, body)
  if type(name) ~= "string" or name == "" then fail("worlds: the first argument is its name") end
  if type(body) ~= "function" then fail("worlds: the last argument is a function") end
  for seed = 1, host.worlds() do
    add(name .. " [world " .. seed .. "]", function()
      local world = host.ask("world", seed)
      local fine, problem = pcall(body, world)
      if fine then return end
      host.say("world " .. seed .. ": faults \"" .. world.faults .. "\"; given " .. host.shared.literal(world.given))
      error(problem, 0)
    end, { n = 0 })
  end
end

host.shared = {
  names = function()
    local found = {}
    for index, each in ipairs(tests) do found[index] = each.name end
    return found
  end,
  run = function(index)
    local each = tests[index]
    each.body(table.unpack(each.arguments, 1, each.arguments.n))
  end,
}

-- The world

--- Puts orders and refunds into the marketplace; answers their ids under the same keys.
function given(contents)
  if type(contents) ~= "table" then fail("given takes a table, such as { refunds = { stale = { age = \"9d\" } } }") end
  return host.ask("given", contents)
end

--- Somebody acts besides the playbook: `happens(id, "ship")`; answers what became of the order or refund.
function happens(id, what) return host.ask("happens", id, what) end

--- What is otherwise from now on, or is shown otherwise: `change(id, { left = "2h" })`.
function change(id, facts) return host.ask("change", id, facts) end

--- What is so of an order or a refund, whatever answers say; nil where there is none.
function look(id)
  local found = host.ask("look", id)
  return type(found) == "table" and found or nil
end

--- All orders and refunds as they are: `{ refunds, orders, alibaba_refunds, alibaba_orders }`.
function marketplace() return host.ask "marketplace" end

--- Lets time pass: `advance "48h"`.
function advance(duration) host.ask("advance", duration) end

--- Sets the clock, forwards only: `at("2026-11-01 01:29", "America/New_York")`.
function at(time, zone) host.ask("at", time, zone) end

--- The instant, in milliseconds since 1970.
function now() return host.ask("now") end

--- What goes wrong from now on: `faults "reset-after@taobao.refunds.cancel:1"`; `faults ""` ends it.
function faults(plan) host.ask("faults", plan) end

--- What took effect at the marketplace so far, each as `{ operation, name = value, … }`.
function effects()
  local rows = {}
  for index, effect in ipairs(host.ask "effects") do
    local row = { effect.operation }
    for name, value in pairs(effect.arguments) do row[name] = value end
    rows[index] = row
  end
  return rows
end

--- The same as `effects`, each `{ operation, arguments, at, before, after }`: the order or refund as it was right before
--- the write and right after it.
function history() return host.ask "history" end

--- What was sent to people so far, each as `{ channel, title, text, markdown, lines, repeated }`.
function notices() return host.ask "notices" end

local function with_subjects(run)
  run.about = {}
  for _, decision in ipairs(run.decisions) do run.about[decision.subject] = decision end
  return run
end

--- Runs the playbook beside the test, or `playbook = "other.lua"`, through its waits to its end.
function play(options)
  if options ~= nil and type(options) ~= "table" then fail("play takes a table, such as { params = { limit = 5 } }") end
  return with_subjects(host.ask("play", options or {}))
end

--- Goes on with a run that waits.
function resume(run)
  if type(run) ~= "table" or not run.run then fail("resume takes what play answered") end
  return with_subjects(host.ask("resume", run.run))
end

--- A person holds a subject from now on: nothing is done to it.
function hold(id) host.ask("hold", id) end

--- A person lets go of a subject that was held.
function release(id) host.ask("release", id) end

local function answer(verb, run, is_yes)
  if type(run) ~= "table" or not run.run then fail(verb .. " takes what play answered") end
  host.ask("answer", run.run, is_yes)
  return resume(run)
end

--- A person says yes, or no, to all that the run asks; it goes on then.
function approve(run) return answer("approve", run, true) end
function reject(run) return answer("reject", run, false) end

-- Expecting

local deepest, widest = 8, 40

local function literal(value, depth)
  if type(value) == "string" then return '"' .. value:gsub('[\\"]', "\\%0"):gsub("\n", "\\n") .. '"' end
  if type(value) ~= "table" then return tostring(value) end
  if depth > deepest then return "{…}" end
  local parts, count = {}, #value
  for index = 1, math.min(count, widest) do parts[index] = literal(value[index], depth + 1) end
  if count > widest then parts[#parts + 1] = "… " .. count - widest .. " more" end
  local keys = {}
  for key in pairs(value) do
    if not (math.type(key) == "integer" and key >= 1 and key <= count) then keys[#keys + 1] = key end
  end
  table.sort(keys, function(left, right) return tostring(left) < tostring(right) end)
  for _, key in ipairs(keys) do
    local name = type(key) == "string" and key:match "^[%a_][%w_]*$" or "[" .. literal(key, depth + 1) .. "]"
    parts[#parts + 1] = name .. " = " .. literal(value[key], depth + 1)
  end
  return #parts == 0 and "{}" or "{ " .. table.concat(parts, ", ") .. " }"
end

host.shared.literal = function(value) return literal(value, 0) end

local function step(path, key)
  if math.type(key) == "integer" then return path .. "[" .. key .. "]" end
  return path .. "." .. tostring(key)
end

--- Where two values first differ; nil where they do not. `partly`: keys that only the first has do not count.
local function difference(actual, expected, partly, path)
  if type(actual) == "table" and type(expected) == "table" then
    local keys, seen = {}, {}
    for _, side in ipairs { expected, actual } do
      for key in pairs(side) do
        if not seen[key] and (side == expected or not partly or math.type(key) == "integer") then
          seen[key], keys[#keys + 1] = true, key
        end
      end
    end
    table.sort(keys, function(left, right)
      if type(left) == type(right) then return left < right end
      return type(left) == "number"
    end)
    for _, key in ipairs(keys) do
      local found = difference(actual[key], expected[key], partly, step(path, key))
      if found then return found end
    end
    return nil
  end
  if actual == expected and math.type(actual) == math.type(expected) then return nil end
  local place = path == "" and "" or " at " .. path:gsub("^%.", "")
  return "expected" .. place .. " " .. literal(expected, 0) .. ", found " .. literal(actual, 0)
end

local function contains(actual, expected)
  if type(actual) == "string" then return actual:find(expected, 1, true) ~= nil end
  for _, each in ipairs(actual) do
    if not difference(each, expected, true, "") then return true end
  end
  return false
end

--- Shows values to whoever runs the test, tables as well.
function print(...)
  local parts = {}
  for index = 1, select("#", ...) do
    local value = select(index, ...)
    parts[index] = type(value) == "string" and value or literal(value, 0)
  end
  host.say(table.concat(parts, " "))
end

--- Judges a value: `expect(run.status).to_be "succeeded"`, also with a colon. A function is called for its value.
function expect(actual)
  if type(actual) == "function" then actual = actual() end
  local is_negated = false
  local judge = {}

  local function matcher(name, check)
    judge[name] = function(first, second)
      local expected = first
      if first == judge then expected = second end
      local complaint = check(expected)
      if is_negated and not complaint then
        host.fail("expectation", "found " .. literal(actual, 0) .. ", which is not to be")
      elseif complaint and not is_negated then
        host.fail("expectation", complaint)
      end
    end
  end

  matcher("to_be", function(expected) return difference(actual, expected, false, "") end)
  matcher("to_match", function(expected) return difference(actual, expected, true, "") end)
  matcher("to_contain", function(expected)
    if type(actual) ~= "table" and type(actual) ~= "string" then
      return "expected a list or a text, found " .. literal(actual, 0)
    end
    if not contains(actual, expected) then return literal(expected, 0) .. " is not in " .. literal(actual, 0) end
  end)
  matcher("to_be_empty", function()
    if (type(actual) ~= "table" or next(actual) ~= nil) and actual ~= "" then
      return "expected nothing, found " .. literal(actual, 0)
    end
  end)
  matcher("to_match_snapshot", function(name)
    local kept = host.snapshot(name or "", literal(actual, 0))
    if kept ~= literal(actual, 0) then
      return "it is not what the snapshot has (`ebb test --update` keeps what is now)\n  then: " .. kept .. "\n  now:  "
        .. literal(actual, 0)
    end
  end)
  return setmetatable(judge, {
    __index = function(_, name)
      if name == "never" then
        is_negated = true
        return judge
      end
      fail("expect: there is no " .. tostring(name)
        .. "; there are to_be, to_match, to_contain, to_be_empty, to_match_snapshot, and never before them")
    end,
  })
end
