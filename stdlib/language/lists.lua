-- Loops over lists, and branches.
local host, language = ...

local checked, subject_of = language.checked, language.subject_of

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
    language.fail("each: concurrency must be an integer from 1")
  end
  if #list == 0 and next(list) ~= nil then
    language.fail("each: argument 1 must be a list, not a table with the field " .. tostring((next(list)))
      .. "; the list may be in it, as in answer.data")
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
