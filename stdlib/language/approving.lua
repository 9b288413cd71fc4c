-- A person's yes, where a script needs one for more than a single write.
local host, language = ...

local fields = { title = true, items = true, expires = true }

function approve(question)
  language.checked(question, "table", "approve", 1)
  for name in pairs(question) do
    if not fields[name] then language.fail("approve: " .. tostring(name) .. " is not known; it takes title, items, expires") end
  end
  local title, items = question.title, question.items
  if type(title) ~= "string" or title == "" then language.fail("approve: title must be a text that says what is asked") end
  if items ~= nil and type(items) ~= "table" then language.fail("approve: items must be a list of what is shown") end
  return host.approve(title, items, question.expires)
end
