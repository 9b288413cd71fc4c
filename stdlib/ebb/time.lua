--- Instants and durations: both are integers of milliseconds, as on the wire, so that they add and compare as numbers.
local host = ...

local time = { second = 1000, minute = 60 * 1000, hour = 60 * 60 * 1000, day = 24 * 60 * 60 * 1000 }

--- A duration in milliseconds from text such as `7d`, `1h30m`, `500ms`.
function time.duration(text) return host.duration(text) end

--- An instant from RFC 3339 (`2026-11-01T09:30:00+08:00`), from the vendor's `2026-11-01 09:30:00` (Beijing time), from
--- 1688's `20261101093000000+0800`, or from milliseconds as a number or text; nil where it is none of them.
function time.parse(value)
  if math.type(value) == "integer" then return value end
  if type(value) ~= "string" then return nil end
  local digits = value:match("^%d+$")
  if digits then return math.tointeger(digits) end
  return host.instant(value)
end

--- An instant as RFC 3339 in UTC: `2026-11-01T01:30:00.000Z`.
function time.format(instant) return host.format_time(instant) end

--- A duration for people, in its two largest units: `2d 3h`.
function time.describe(duration)
  if duration < 0 then return "-" .. time.describe(-duration) end
  local parts = {}
  for _, unit in ipairs { { "d", time.day }, { "h", time.hour }, { "m", time.minute }, { "s", time.second } } do
    local count = duration // unit[2]
    if count > 0 and #parts < 2 then
      parts[#parts + 1] = count .. unit[1]
      duration = duration - count * unit[2]
    elseif #parts > 0 then
      break
    end
  end
  return #parts > 0 and table.concat(parts, " ") or "0s"
end

--- What is left of a time, for people: `13h 6m left`; of one that is over, `over for 31m 5s`.
function time.left(duration)
  if duration < 0 then return "over for " .. time.describe(-duration) end
  return time.describe(duration) .. " left"
end

return time
