--- Events that a playbook raises itself, for what no callback told.
local host = ...

---@class ebb.events
local events = {}

local known_options = { key = true, since = true }

--- Raises an event: it is stored as a callback would be, in one step with the answer, and `ebb serve` hands it to every
--- enabled playbook whose header asks for its kind. A plan stores nothing.
---
--- With a `key` the same event is raised once, however often and by whichever playbook of this shop it is tried; without
--- one each call raises another. With `since`, an instant, nothing is raised where of the events of this kind about the same
--- order or refund that were sent at or after it (received, where that is not known) the latest is a callback that says the
--- same; what was raised under another key counts only where it says otherwise. A callback that says the same and was sent
--- before this one was raised starts nothing when it comes after all.
---
--- A run that was started by an event of this kind, be it through others, may not raise it: error `guard`.
---@param kind string # an event of the catalogue, such as `"taobao.events.refundChanged"`
---@param body table # what the callback's body would hold; at least the id of what it is about
---@param options? { key?: string|integer, since?: integer|string }
---@return "raised"|"known"|"told" outcome # `known`: an event of this key is stored; `told`: a callback says the same
---@return string event # its key, as `ebb events show` takes it
function events.raise(kind, body, options)
  options = host.shared.checked(options or {}, "table", "events.raise", 3)
  for name in pairs(options) do
    if not known_options[name] then
      host.shared.fail("events.raise: " .. tostring(name) .. " is not known; the third argument takes key, since")
    end
  end
  return host.raise_event(kind, body, options.key, options.since)
end

return events
