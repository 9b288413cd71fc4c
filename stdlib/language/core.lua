-- The language of playbooks: what a script sees beside Lua itself. This part is loaded into every run before the script;
-- the others when the script first names something of theirs, so that a run pays for what it uses.
--
-- Each part receives `host`, the calls that Swift answers, and `language`, what the parts share. Whatever leaves the
-- script goes through `host`.
local host = ...

local language = {}

local function find(world, name)
  local part = host.part(name)
  if not part then return nil end
  part(host, language)
  return rawget(world, name)
end

-- A library of Lua's own that is not open yet comes before a part.
local library = getmetatable(_ENV).__index

local function global(world, name)
  local opened = library(world, name)
  if opened ~= nil then return opened end
  return find(world, name)
end

setmetatable(language, { __index = find })
setmetatable(_ENV, { __index = global, __metatable = false })

-- The modules of the standard library find it there; scripts never see the host.
host.shared = language
