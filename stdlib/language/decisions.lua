-- The outcomes of a subject (playbooks.md, "Four outcomes for a subject").
local host, language = ...

local checked, subject_of = language.checked, language.subject_of

function keep(subject, reason, detail)
  host.decide("kept", subject_of(subject), checked(reason, "string", "keep", 2), detail)
end

function hand_over(subject, reason, detail)
  host.decide("handed_over", subject_of(subject), checked(reason, "string", "hand_over", 2), detail)
end

function act(subject, reason, operation, arguments)
  local id = language.operation_id(operation, "act", 3)
  local answer, second = host.act(subject_of(subject), checked(reason, "string", "act", 2), id, arguments)
  -- What was not done answers null and a code. Null counts as true in Lua: it must not pass for an answer.
  if type(second) == "string" then return nil, second end
  return answer, second
end
