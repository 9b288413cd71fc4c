--- Instants and durations: both are integers of milliseconds, as on the wire, so that they add and compare as numbers.
---
--- What a zone's clock shows comes from the zone database that Ebb is built with (ICU's, through Foundation). A zone is
--- named as the IANA database does; without one the project's holds.
local host = ...

---@class ebb.time
local time = { second = 1000, minute = 60 * 1000, hour = 60 * 60 * 1000, day = 24 * 60 * 60 * 1000 }

local function fail(verb, message) host.raise("invalid", "time." .. verb .. ": " .. message) end

local function instant_of(value, verb, position)
  local instant = math.type(value) == "integer" and value or time.parse(value)
  if instant then return instant end
  fail(verb, "argument " .. (position or 1) .. " is no instant: " .. tostring(value))
end

--- A duration in milliseconds from text such as `7d`, `1h30m`, `500ms`; an integer is one already.
---@param text string|integer
---@return integer
function time.duration(text) return host.duration(text) end

--- A duration as text that `time.duration` reads again: `1d2h30m`.
---@param duration integer
---@return string
function time.duration_text(duration)
  if math.type(duration) ~= "integer" or duration < 0 then
    fail("duration_text", tostring(duration) .. " is no duration: an integer of milliseconds from 0")
  end
  local parts = {}
  for _, unit in ipairs { { "d", time.day }, { "h", time.hour }, { "m", time.minute }, { "s", 1000 }, { "ms", 1 } } do
    local count = duration // unit[2]
    if count > 0 then parts[#parts + 1] = count .. unit[1] end
    duration = duration - count * unit[2]
  end
  return #parts > 0 and table.concat(parts) or "0s"
end

--- The form of 1688's queries: `20251110171116000+0800`, without a zone in Beijing time.
local function compact(text)
  local date, fraction, sign, hours, minutes = text:match "^(%d%d%d%d%d%d%d%d%d%d%d%d%d%d)(%d?%d?%d?)([+-])(%d%d):?(%d%d)$"
  if not date then
    date, fraction = text:match "^(%d%d%d%d%d%d%d%d%d%d%d%d%d%d)(%d?%d?%d?)$"
    if not date then return nil end
    sign, hours, minutes = "+", "08", "00"
  end
  if fraction ~= "" and #fraction ~= 3 then return nil end
  local year, month, day, hour, minute, second = date:match "^(%d%d%d%d)(%d%d)(%d%d)(%d%d)(%d%d)(%d%d)$"
  return host.instant(year .. "-" .. month .. "-" .. day .. "T" .. hour .. ":" .. minute .. ":" .. second .. "."
    .. (fraction == "" and "000" or fraction) .. sign .. hours .. ":" .. minutes)
end

--- An instant from any form that the marketplaces write, or nil where it cannot be read: milliseconds since 1970 as a
--- number or text, `2026-11-01T09:30:00+08:00`, `2026-11-01 09:30:00` (Beijing time), and 1688's
--- `20261101093000000+0800`.
---@param value any
---@return integer?
function time.parse(value)
  if type(value) == "number" then return math.tointeger(value) end
  if type(value) ~= "string" then return nil end
  value = value:match "^%s*(.-)%s*$"
  local compacted = compact(value)
  if compacted then return compacted end
  -- Fourteen digits and more would be the year 2286 or later: a date that is none.
  if value:match "^%d+$" then return #value < 14 and math.tointeger(value) or nil end
  return host.instant(value)
end

local function offset(instant, zone) return host.zone_offset(instant, zone) end

-- Days are counted from 0000-03-01, so that a leap day ends its year (a cycle of 400 years has 146,097 days).
local function civil(days)
  local shifted = days + 719468
  local era = shifted // 146097
  local day_of_era = shifted - era * 146097
  local year = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
  local day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
  local month = (5 * day_of_year + 2) // 153
  local day = day_of_year - (153 * month + 2) // 5 + 1
  month = month < 10 and month + 3 or month - 9
  return year + era * 400 + (month <= 2 and 1 or 0), month, day
end

local function days_of(year, month, day)
  local shifted = month <= 2 and year - 1 or year
  local era = shifted // 400
  local year_of_era = shifted - era * 400
  local day_of_year = (153 * (month > 2 and month - 3 or month + 9) + 2) // 5 + day - 1
  return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468
end

--- The days since 1970-01-01 of a date as text; nil where it is none of the calendar.
local function day_number(date)
  if type(date) ~= "string" then return nil end
  local year, month, day = date:match "^(%d%d%d%d)-(%d%d)-(%d%d)$"
  if not year then return nil end
  year, month, day = math.tointeger(year), math.tointeger(month), math.tointeger(day)
  local days = days_of(year, month, day)
  local same_year, same_month, same_day = civil(days)
  return month >= 1 and month <= 12 and same_year == year and same_month == month and same_day == day and days or nil
end

local function date_of(days) return string.format("%04d-%02d-%02d", civil(days)) end

---@class ebb.time.Parts
---@field year integer
---@field month integer 1 to 12
---@field day integer
---@field hour integer
---@field minute integer
---@field second integer
---@field millisecond integer
---@field weekday integer 1 is Monday, 7 is Sunday
---@field offset integer milliseconds that the clock is ahead of UTC

--- What the clock and the calendar of a zone show at an instant.
---@param instant integer|string
---@param zone? string
---@return ebb.time.Parts
function time.parts(instant, zone)
  instant = instant_of(instant, "parts")
  local ahead = offset(instant, zone)
  local days = (instant + ahead) // time.day
  local rest = (instant + ahead) % time.day
  local year, month, day = civil(days)
  return {
    year = year, month = month, day = day, hour = rest // time.hour, minute = rest // time.minute % 60,
    second = rest // 1000 % 60, millisecond = rest % 1000, weekday = (days + 3) % 7 + 1, offset = ahead,
  }
end

--- The first instant at which a zone's clock shows a time or, where the clock leaves it out, the end of that gap. A time
--- that comes twice is the earlier one.
local function wall(days, milliseconds, zone)
  local shown = days * time.day + milliseconds
  local earlier, later = offset(shown - time.day, zone), offset(shown + time.day, zone)
  for _, ahead in ipairs { math.max(earlier, later), math.min(earlier, later) } do
    local instant = shown - ahead
    if offset(instant, zone) == ahead then return instant end
  end
  -- The clock never shows it: the change lies between the two readings.
  local low, high = shown - math.max(earlier, later), shown - math.min(earlier, later)
  local before = offset(low, zone)
  while high - low > 1 do
    local middle = low + (high - low) // 2
    if offset(middle, zone) == before then low = middle else high = middle end
  end
  return high
end

--- The instant at which a zone's clock shows a time: `time.at("2026-11-01 01:29", "America/New_York")`, or a date alone
--- for its beginning. A time that comes twice, as clocks are put back, is the first; one that the clock leaves out is the
--- first instant after the gap.
---@param text string
---@param zone? string
---@return integer
function time.at(text, zone)
  local date, rest = tostring(text):match "^(%d%d%d%d%-%d%d%-%d%d)(.*)$"
  local days = day_number(date)
  if not days then fail("at", '"' .. tostring(text) .. '" is no time such as 2026-11-01 09:30') end
  if rest == "" then return wall(days, 0, zone) end
  local hour, minute, second = rest:match "^[ T](%d%d):(%d%d):?(%d*)$"
  hour, minute = math.tointeger(hour), math.tointeger(minute)
  second = math.tointeger(second == "" and 0 or second)
  if not (hour and minute and second and hour < 24 and minute < 60 and second < 60) then
    fail("at", '"' .. text .. '" is no time such as 2026-11-01 09:30')
  end
  return wall(days, hour * time.hour + minute * time.minute + second * 1000, zone)
end

--- The date that a zone's calendar shows: `2026-11-01`.
---@param instant integer|string
---@param zone? string
---@return string
function time.date(instant, zone)
  instant = instant_of(instant, "date")
  return date_of((instant + offset(instant, zone)) // time.day)
end

--- The instant at which the day of an instant began, by a zone's clock.
---@param instant integer|string
---@param zone? string
---@return integer
function time.start_of_day(instant, zone)
  instant = instant_of(instant, "start_of_day")
  return wall((instant + offset(instant, zone)) // time.day, 0, zone)
end

--- An instant as RFC 3339: in UTC, `2026-11-01T01:30:00.000Z`, or with a zone as its clock shows it,
--- `2026-11-01T09:30:00.000+08:00`.
---@param instant integer
---@param zone? string
---@return string
function time.format(instant, zone)
  if zone == nil then return host.format_time(instant) end
  local parts = time.parts(instant, zone)
  local minutes = math.abs(parts.offset) // time.minute
  return string.format("%04d-%02d-%02dT%02d:%02d:%02d.%03d%s%02d:%02d", parts.year, parts.month, parts.day, parts.hour,
    parts.minute, parts.second, parts.millisecond, parts.offset < 0 and "-" or "+", minutes // 60, minutes % 60)
end

--- An instant for people, as a zone's clock shows it: `2026-11-01 09:30`.
---@param instant integer|string
---@param zone? string
---@return string
function time.clock(instant, zone)
  local parts = time.parts(instant, zone)
  return string.format("%04d-%02d-%02d %02d:%02d", parts.year, parts.month, parts.day, parts.hour, parts.minute)
end

local units = { { "d", "天", time.day }, { "h", "小时", time.hour }, { "m", "分", time.minute }, { "s", "秒", 1000 } }

--- A duration for people, in its two largest units: `2d 3h`, in Chinese `2天3小时`.
---@param duration integer
---@param language? "en"|"zh"
---@return string
function time.describe(duration, language)
  if duration < 0 then return "-" .. time.describe(-duration, language) end
  local is_chinese, parts = language == "zh", {}
  for _, unit in ipairs(units) do
    local count = duration // unit[3]
    if count > 0 and #parts < 2 then
      parts[#parts + 1] = count .. unit[is_chinese and 2 or 1]
      duration = duration - count * unit[3]
    elseif #parts > 0 then
      break
    end
  end
  if #parts == 0 then return is_chinese and "0秒" or "0s" end
  return table.concat(parts, is_chinese and "" or " ")
end

--- What is left of a time, for people: `13h 6m left`, `剩余13小时6分`; of one that is over, `over for 31m 5s`,
--- `已超时31分5秒`.
---@param duration integer
---@param language? "en"|"zh"
---@return string
function time.left(duration, language)
  if language == "zh" then
    return (duration < 0 and "已超时" or "剩余") .. time.describe(math.abs(duration), "zh")
  end
  if duration < 0 then return "over for " .. time.describe(-duration) end
  return time.describe(duration) .. " left"
end

-- Calendars

--- Reads days as a list or as lines: `2026-10-01`, or `2026-10-01..2026-10-07`; `#` begins a comment.
local function days_from(given, field)
  local lines = given or {}
  if type(given) == "string" then
    lines = {}
    for line in (given .. "\n"):gmatch "(.-)\r?\n" do lines[#lines + 1] = line end
  end
  if type(lines) ~= "table" then fail("calendar", field .. " must be a text or a list of dates") end
  local days = {}
  for index = 1, #lines do
    local words = tostring(lines[index]):gsub("#.*", ""):gsub("%s", ""):gsub("^\u{FEFF}", "")
    if words ~= "" then
      local first, last = words:match "^(%d%d%d%d%-%d%d%-%d%d)%.%.(%d%d%d%d%-%d%d%-%d%d)$"
      first, last = day_number(first or words), day_number(last or words)
      if not (first and last) then
        fail("calendar", field .. ", line " .. index .. ': "' .. tostring(lines[index])
          .. '" is no date such as 2026-10-01, or 2026-10-01..2026-10-07')
      end
      if last < first then fail("calendar", field .. ", line " .. index .. " ends before it begins") end
      if last - first > 3660 then fail("calendar", field .. ", line " .. index .. " is longer than ten years") end
      for day = first, last do days[day] = true end
    end
  end
  return days
end

---@class ebb.time.Calendar

local Calendar = { __name = "calendar", __metatable = "calendar" }

local function calendar_of(value, verb)
  if type(value) == "table" and getmetatable(value) == "calendar" then return value end
  fail(verb, "argument 1 must be a calendar, as time.calendar makes it")
end

--- A calendar of business days. Saturday and Sunday are none unless `weekend` says otherwise (1 is Monday); `holidays`
--- are none either, and `workdays` are some although they fall on a weekend (调休). Both are lists, or texts of lines such
--- as `2026-10-01..2026-10-07  # 国庆`. Ebb brings no holidays: they are announced year by year, and the operator keeps them.
---@param fields? { holidays?: string|string[], workdays?: string|string[], weekend?: integer[], zone?: string }
---@return ebb.time.Calendar
function time.calendar(fields)
  fields = fields or {}
  local known = { holidays = true, workdays = true, weekend = true, zone = true }
  for name in pairs(fields) do
    if not known[name] then fail("calendar", tostring(name) .. " is not known; it takes holidays, workdays, weekend, zone") end
  end
  local weekend = {}
  for _, day in ipairs(fields.weekend or { 6, 7 }) do
    if math.type(day) ~= "integer" or day < 1 or day > 7 then fail("calendar", "a weekday is 1 (Monday) to 7 (Sunday)") end
    weekend[day] = true
  end
  if fields.zone then offset(0, fields.zone) end
  return setmetatable({
    holidays = days_from(fields.holidays, "holidays"), workdays = days_from(fields.workdays, "workdays"),
    weekend = weekend, zone = fields.zone,
  }, Calendar)
end

local function is_open(calendar, day)
  if calendar.workdays[day] then return true end
  return not calendar.holidays[day] and not calendar.weekend[(day + 3) % 7 + 1]
end

local function day_at(calendar, instant) return (instant + offset(instant, calendar.zone)) // time.day end

--- How far a search for a business day goes, in days: a calendar that leaves none out there has none.
local farthest = 4000

local function next_open(calendar, day, step, verb)
  for _ = 1, farthest do
    if is_open(calendar, day) then return day end
    day = day + step
  end
  fail(verb, "the calendar has no business day within ten years")
end

--- Whether an instant lies on a business day.
---@param calendar ebb.time.Calendar
---@param instant integer|string
---@return boolean
function time.is_business_day(calendar, instant)
  calendar_of(calendar, "is_business_day")
  return is_open(calendar, day_at(calendar, instant_of(instant, "is_business_day", 2)))
end

--- The beginning of the first business day from an instant on: that of the instant's own day, where it is one.
---@param calendar ebb.time.Calendar
---@param instant integer|string
---@return integer
function time.next_business_day(calendar, instant)
  calendar_of(calendar, "next_business_day")
  local day = day_at(calendar, instant_of(instant, "next_business_day", 2))
  local open = next_open(calendar, day, 1, "next_business_day")
  return wall(open, 0, calendar.zone)
end

--- The same time of day so many business days later, or earlier where there are fewer than none. Counting begins on the
--- next business day, whether or not the instant lies on one.
---@param calendar ebb.time.Calendar
---@param instant integer|string
---@param count integer
---@return integer
function time.add_business_days(calendar, instant, count)
  calendar_of(calendar, "add_business_days")
  instant = instant_of(instant, "add_business_days", 2)
  if math.type(count) ~= "integer" or math.abs(count) > farthest then
    fail("add_business_days", "argument 3 must be an integer up to " .. farthest)
  end
  local day = day_at(calendar, instant)
  local rest = (instant + offset(instant, calendar.zone)) % time.day
  local step = count < 0 and -1 or 1
  for _ = 1, math.abs(count) do day = next_open(calendar, day + step, step, "add_business_days") end
  if count == 0 then return instant end
  return wall(day, rest, calendar.zone)
end

--- How many business days begin after the day of one instant, up to the day of another: 1 from Friday to Monday. Fewer
--- than none where the second comes first.
---@param calendar ebb.time.Calendar
---@param from integer|string
---@param to integer|string
---@return integer
function time.business_days(calendar, from, to)
  calendar_of(calendar, "business_days")
  local first = day_at(calendar, instant_of(from, "business_days", 2))
  local last = day_at(calendar, instant_of(to, "business_days", 3))
  if last < first then return -time.business_days(calendar, to, from) end
  if last - first > 100 * 366 then fail("business_days", "the two are more than a hundred years apart") end
  local count = 0
  for day = first + 1, last do
    if is_open(calendar, day) then count = count + 1 end
  end
  return count
end

return time
