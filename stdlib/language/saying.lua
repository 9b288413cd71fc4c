-- What a person reads.
local host, language = ...

local checked = language.checked

local function logger(level)
  return function(message, fields) host.log(level, type(message) == "string" and message or tostring(message), fields) end
end

log = setmetatable({ debug = logger "debug", info = logger "info", warn = logger "warn", error = logger "error" },
  { __call = function(self, ...) return self.info(...) end })

function print(...)
  local words = table.pack(...)
  for index = 1, words.n do words[index] = tostring(words[index]) end
  host.log("info", table.concat(words, "\t"))
end

function report(title, rows)
  if type(title) == "table" and rows == nil then title, rows = "", title end
  host.report(checked(title, "string", "report", 1), checked(rows, "table", "report", 2))
end
