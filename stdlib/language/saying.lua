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

local known_options = { columns = true, totals = true }

local function check_columns(columns)
  for index, column in ipairs(checked(columns, "table", "report: columns", 1)) do
    local key = column
    if type(column) == "table" then key = column.key end
    if type(key) ~= "string" then
      language.fail("report: column " .. index .. " is the name of a field, or { key = …, heading = … }")
    end
  end
end

function report(title, rows, options)
  if type(title) == "table" then title, rows, options = "", title, rows end
  title, rows = checked(title, "string", "report", 1), checked(rows, "table", "report", 2)
  if options == nil then return host.report(title, rows) end
  for name in pairs(checked(options, "table", "report", 3)) do
    if not known_options[name] then
      language.fail("report: " .. tostring(name) .. " is not known; the third argument takes columns, totals")
    end
  end
  local totals = options.totals
  if totals ~= nil and type(totals) ~= "boolean" and type(totals) ~= "table" then
    language.fail("report: totals is true, or a list of columns, not a " .. type(totals))
  end
  if options.columns then check_columns(options.columns) end
  host.report(title, rows, options.columns, totals)
end
