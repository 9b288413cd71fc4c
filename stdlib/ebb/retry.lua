--- Reads again what may pass: `retry(3, "30s", function() return taobao.refunds.get(id) end)`.
---
--- Each attempt makes new steps, and so does each wait. It is for reads: a write inside it is refused (`invalid`), since
--- Ebb itself finds out what became of a write, and repeats it where that is safe. What a read does within one step
--- (three attempts, a Retry-After) comes before it.
local host = ...

local most = 100

local function fail(message) host.raise("invalid", "retry: " .. message) end

--- How long to wait after an attempt: always the same, or one of a list by the attempt, the last holding for the rest.
local function pause(wait, attempt)
  if type(wait) == "table" then return wait[math.min(attempt, #wait)] end
  return wait
end

local function checked(times, wait, fn)
  if math.type(times) ~= "integer" or times < 1 or times > most then
    fail("argument 1 must be how often to try, from 1 to " .. most .. ", not " .. tostring(times))
  end
  local waits = type(wait) == "table" and wait or { wait }
  if #waits == 0 then fail('argument 2 must be a duration such as "30s", or a list of them') end
  for index = 1, #waits do host.duration(waits[index]) end
  if type(fn) ~= "function" then fail("argument 3 must be a function, not " .. (fn == nil and "nil" or "a " .. type(fn))) end
end

--- Calls fn until it returns, at most so many times, and returns what it returns. Between two attempts it waits. Only an
--- error that is `retryable` is tried again; any other is raised at once, and the last one in the end.
---@generic T
---@param times integer from 1 to 100
---@param wait string|integer|(string|integer)[] a duration, or one for each attempt
---@param fn fun(attempt: integer): T
---@return T
return function(times, wait, fn)
  checked(times, wait, fn)
  for attempt = 1, times do
    host.reading(true)
    local results = table.pack(pcall(fn, attempt))
    host.reading(false)
    if results[1] then return table.unpack(results, 2, results.n) end
    local problem = results[2]
    local may_pass = type(problem) == "table" and problem.retryable == true
    if not may_pass or attempt == times then error(problem, 0) end
    host.sleep(pause(wait, attempt))
  end
end
