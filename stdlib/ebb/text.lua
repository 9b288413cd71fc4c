--- Texts that sellers and people read: templates in several languages, limits as the API counts, masks. All text is
--- UTF-8; nothing here takes a character apart.
local host = ...
local money = require "ebb.money"

---@class ebb.text
local text = {}

local function fail(verb, message) host.raise("invalid", "text." .. verb .. ": " .. message) end

local function checked(value, verb, position)
  if type(value) == "string" then return value end
  fail(verb, "argument " .. (position or 1) .. " must be a text, not " .. (value == nil and "nil" or "a " .. type(value)))
end

--- White space that is no ASCII: the ideographic space, the no-break space, a byte order mark, the zero-width space.
local wide_spaces = { "\u{3000}", "\u{00A0}", "\u{FEFF}", "\u{200B}" }

local function narrowed(value)
  for _, space in ipairs(wide_spaces) do value = value:gsub(space, " ") end
  return value
end

--- The text without white space at its ends, Chinese white space included.
---@param value string
---@return string
function text.trim(value)
  checked(value, "trim")
  local changed
  repeat
    changed = false
    local shorter = value:match("^%s*(.-)%s*$")
    for _, space in ipairs(wide_spaces) do
      if shorter:sub(1, #space) == space then shorter = shorter:sub(#space + 1) changed = true end
      if shorter:sub(-#space) == space then shorter = shorter:sub(1, -#space - 1) changed = true end
    end
    value = shorter
  until not changed
  return value
end

--- The text in one line: each run of white space becomes one space, and there is none at the ends.
---@param value string
---@return string
function text.squeeze(value)
  return (narrowed(checked(value, "squeeze")):gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

--- How many characters a text has; of bytes that are no UTF-8 each counts.
---@param value string
---@return integer
function text.characters(value)
  local count, wrong = 0, 1
  checked(value, "characters")
  while true do
    local length, place = utf8.len(value, wrong)
    if length then return count + length end
    count = count + utf8.len(value:sub(wrong, place - 1)) + 1
    wrong = place + 1
    if wrong > #value then return count end
  end
end

--- Where the character before a place ends: never inside one.
local function whole(value, length)
  if length >= #value then return #value end
  local place = length
  -- A byte 10xxxxxx goes on with a character that began before.
  for _ = 1, 3 do
    local following = value:byte(place + 1)
    if place == 0 or not following or following < 0x80 or following > 0xBF then break end
    place = place - 1
  end
  return place
end

local function after_characters(value, count)
  local place = utf8.len(value) and utf8.offset(value, count + 1)
  if place then return place - 1 end
  local length = 0
  for _ = 1, count do
    if length >= #value then break end
    length = length + math.max(1, #value:match("^[%z\1-\x7F\xC2-\xF4]?[\x80-\xBF]*", length + 1))
  end
  return length
end

--- The text, shortened where it is longer than a limit: `{ bytes = 400 }` or `{ characters = 150 }`, as the operation
--- counts. What was cut off is shown by `…`, which counts as well; `{ bytes = 400, mark = "" }` shows nothing.
---@param value string
---@param limit { bytes?: integer, characters?: integer, mark?: string }
---@return string, boolean is_cut
function text.cut(value, limit)
  checked(value, "cut")
  if type(limit) ~= "table" or (limit.bytes == nil) == (limit.characters == nil) then
    fail("cut", "argument 2 must be { bytes = … } or { characters = … }")
  end
  local mark = limit.mark or "…"
  local size = limit.bytes or limit.characters
  if math.type(size) ~= "integer" or size < 0 then fail("cut", "the limit must be an integer from 0") end
  local own = limit.bytes and #mark or text.characters(mark)
  if (limit.bytes and #value or text.characters(value)) <= size then return value, false end
  if own > size then mark, own = "", 0 end
  local length
  if limit.bytes then length = whole(value, size - own) else length = after_characters(value, size - own) end
  return value:sub(1, length) .. mark, true
end

--- The first of the words that stands in the text, whatever the case of its Latin letters; nil where none does.
---@param value string
---@param words string[]
---@return string?
function text.contains_any(value, words)
  local lower = checked(value, "contains_any"):lower()
  if type(words) ~= "table" then fail("contains_any", "argument 2 must be a list of words") end
  for index = 1, #words do
    local word = checked(words[index], "contains_any", 2)
    if word ~= "" and lower:find(word:lower(), 1, true) then return word end
  end
end

--- A phone number for people who need not know it: `138****8000`. Signs between digits stay.
---@param value string
---@return string
function text.mask_phone(value)
  local _, digits = checked(value, "mask_phone"):gsub("%d", "")
  local head, tail = 0, 0
  if digits >= 11 then head, tail = 3, 4 elseif digits >= 7 then head, tail = 2, 2 end
  local place = 0
  return (value:gsub("%d", function(digit)
    place = place + 1
    return place > head and place <= digits - tail and "*" or digit
  end))
end

local places = { "省", "市", "区", "县", "州" }

--- An address without what leads to a door: `浙江省杭州市****`. Up to the last 省, 市, 区, 县 or 州 of its first 15
--- characters; where there is none, the first six characters, of a short one the first two.
---@param value string
---@return string
function text.mask_address(value)
  local whole_text = text.squeeze(checked(value, "mask_address"))
  local length = text.characters(whole_text)
  if length == 0 then return "" end
  local head = whole_text:sub(1, after_characters(whole_text, math.min(15, length - 1)))
  local last = 0
  for _, place in ipairs(places) do
    local from = 1
    while true do
      local start, finish = head:find(place, from, true)
      if not start then break end
      last, from = math.max(last, finish), finish + 1
    end
  end
  if last == 0 then last = after_characters(whole_text, length > 6 and 6 or math.min(2, length - 1)) end
  return whole_text:sub(1, last) .. "****"
end

--- A person's name: `王**`.
---@param value string
---@return string
function text.mask_name(value)
  local name = text.squeeze(checked(value, "mask_name"))
  if name == "" then return "" end
  return name:sub(1, after_characters(name, 1)) .. "**"
end

-- Templates

local function chosen(template, language)
  if type(template) == "string" then return template end
  if type(template) ~= "table" then fail("fill", "argument 1 must be a text, or { zh = …, en = … }") end
  local known = {}
  for name in pairs(template) do known[#known + 1] = tostring(name) end
  if language == nil and #known == 1 then language = known[1] end
  if language == nil then fail("fill", "the template is in " .. table.concat(known, ", ") .. ": argument 3 says which") end
  local own = template[language]
  if type(own) ~= "string" then
    fail("fill", "the template is not in " .. tostring(language) .. ", only in " .. table.concat(known, ", "))
  end
  return own
end

local function at(values, path)
  local value = values
  for name in path:gmatch("[^.]+") do
    if type(value) ~= "table" then return nil end
    value = value[name]
  end
  return value
end

local function shown(value, path, language)
  if type(value) == "string" then return value end
  if math.type(value) == "integer" then return string.format("%d", value) end
  if type(value) == "number" then return string.format("%.14g", value) end
  if money.is(value) then return money.format(value, language) end
  if type(value) == "boolean" then return tostring(value) end
  if value == nil or value == host.null then
    fail("fill", "{" .. path .. "} has no value; a text must not go out with a gap")
  end
  fail("fill", "{" .. path .. "} is a " .. type(value) .. ", which has no text")
end

--- A template with its placeholders filled: `text.fill("退款单{id}", { id = refund.id })`. A placeholder is a name in
--- braces, `{amount}`, or a path, `{refund.amount}`; one without a value is an error. `{{` and `}}` are braces.
---
--- In several languages it is `{ zh = …, en = … }`, and the third argument chooses. Money is written as that language
--- does: `12.34元`, `12.34 CNY`.
---@param template string|table<string, string>
---@param values table<string, any>
---@param language? string
---@return string
function text.fill(template, values, language)
  local source = chosen(template, language)
  if type(values) ~= "table" then fail("fill", "argument 2 must be a table of values") end
  local parts, from = {}, 1
  while true do
    local place, _, brace = source:find("([{}])", from)
    if not place then break end
    parts[#parts + 1] = source:sub(from, place - 1)
    if source:sub(place + 1, place + 1) == brace then
      parts[#parts + 1], from = brace, place + 2
    else
      local path, finish = source:match("^{%s*([%a_][%w_.]*)%s*}()", place)
      if not path then fail("fill", "a brace at byte " .. place .. " is no placeholder; write {{ or }} for a brace") end
      parts[#parts + 1], from = shown(at(values, path), path, language), finish
    end
  end
  parts[#parts + 1] = source:sub(from)
  return table.concat(parts)
end

return text
