--- Carries out the plan that started the run: every effect as it was shown, or not at all (docs/plans.md).
---
--- The host checks that the resource is as the plan shows it before it sends anything. An effect whose base was not done
--- is refused with it.
local host = ...

--- Where a JSON pointer leads in an answer; its indexes count from 0.
local function at(answer, pointer)
  for token in pointer:gmatch "/([^/]+)" do
    if type(answer) ~= "table" then return nil end
    token = token:gsub("~1", "/"):gsub("~0", "~")
    local index = math.tointeger(token)
    if answer[token] ~= nil then
      answer = answer[token]
    else
      answer = index and answer[index + 1]
    end
  end
  local kind = type(answer)
  return (kind == "string" or kind == "number") and tostring(answer) or nil
end

--- Takes the ids that a write created, by their placeholders; false where one is not known.
local function learn(ids, effect, answer, meta)
  -- What only a read proved done is not answered with the ids of its own answer.
  local is_proved = type(meta) == "table" and meta.settled_by ~= nil
  local is_complete = true
  for placeholder, places in pairs(effect.creates or {}) do
    for _, place in ipairs(places) do
      ids[placeholder] = ids[placeholder] or (not is_proved and at(answer, place)) or nil
    end
    is_complete = is_complete and ids[placeholder] ~= nil
  end
  return is_complete
end

return function()
  local effects = host.plan()
  local ids, missing, refused, done = {}, {}, {}, 0

  local function refuse(effect, reason, drift)
    refused[#refused + 1] = {
      effect = effect.id, operation = effect.operation, resource = effect.resource, reason = reason, drift = drift,
    }
  end

  local function base(effect)
    for _, id in ipairs(effect.depends_on or {}) do
      if missing[id] then return id end
    end
  end

  for index = 1, #effects do
    local effect = effects[index]
    local open = base(effect)
    if open then
      missing[effect.id] = true
      host.decide("kept", effect.subject, "what it builds on was not done", "effect " .. open .. " of the plan")
      refuse(effect, "depends")
    else
      local ok, answer, second, drift = pcall(host.carry_out, index, ids)
      if not ok then
        missing[effect.id] = true
        host.failed(effect.subject, answer, "")
      elseif type(second) == "string" then
        missing[effect.id] = true
        if second == "drifted" then refuse(effect, second, drift) end
      else
        done = done + 1
        if not learn(ids, effect, answer, second) then missing[effect.id] = true end
      end
    end
  end
  return { effects = #effects, done = done, refused = #refused > 0 and refused or nil }
end
