-- What the other parts refuse arguments with.
local host, language = ...

function language.fail(message, level)
  host.raise("invalid", message, level)
end

function language.checked(value, expected, verb, position)
  if type(value) == expected then return value end
  language.fail(verb .. ": argument " .. position .. " must be a " .. expected .. ", not " .. type(value))
end
