--- Messages to people, over channels by name: `notify.send("ops", { title = "…", text = "…", subjects = refunds })`.
---
--- `ebb channels add` seals a channel: a DingTalk, Feishu, WeCom or Slack group, or an HTTP address. A message is a step: a
--- run that goes on after a crash does not send it again. It leaves at the pace that its service allows; a run waits for
--- that. A plan lists its messages and sends none.
local host = ...
local list = require "ebb.list"
local state = require "ebb.state"

---@class ebb.notify
local notify = {}

local known = { title = true, text = true, markdown = true, subjects = true }

local function fail(message) host.shared.fail("notify.send: " .. message) end

local function lines(subjects)
  if subjects == nil then return nil end
  if type(subjects) ~= "table" then fail("subjects must be a list of subjects, not a " .. type(subjects)) end
  if #subjects == 0 and next(subjects) ~= nil then fail("subjects must be a list: one subject is { subject }") end
  local list = {}
  for index = 1, #subjects do list[index] = host.shared.subject_of(subjects[index]) end
  return list
end

---@class ebb.Message
---@field title? string # a line that says what it is about
---@field text? string # as it stands
---@field markdown? string # instead of text: `# `, `- `, `> `, `**bold**`, `` `code` ``, `[label](https://…)`
---@field subjects? (ebb.Subject|string)[] # a line for each: id, title, amount, deadline; at most 200

--- Sends a message, and returns once the service took it. What is too long for a service is cut, and says so.
---
--- Raises `rejected` where the service does not take it, `unavailable` where it did not arrive, `in_doubt` where nobody
--- knows; `invalid` where there is no such channel, `guard` for more than 100 messages of one run. What may have arrived is
--- sent once more, and says that it may be a repetition: people get a message twice at most.
---@param channel string # its name, such as `"ops"`
---@param message string|ebb.Message
---@return { repeated: boolean, cut: boolean } answer
function notify.send(channel, message)
  if type(channel) ~= "string" or channel == "" then fail("argument 1 must be a channel's name") end
  if type(message) == "string" then message = { text = message } end
  if type(message) ~= "table" then fail("argument 2 must be a text or a table, not " .. type(message)) end
  for name in pairs(message) do
    if not known[name] then fail(tostring(name) .. " is not known; a message takes title, text or markdown, subjects") end
  end
  for _, name in ipairs { "title", "text", "markdown" } do
    local value = message[name]
    if value ~= nil and type(value) ~= "string" then fail(name .. " must be a text, not a " .. type(value)) end
  end
  return host.notify {
    channel = channel, title = message.title, text = message.text, markdown = message.markdown,
    subjects = lines(message.subjects),
  }
end

--- A text as it may stand inside of `markdown`, whoever wrote it: no mark in it means anything, and it is one line.
---@param text any
---@return string
function notify.escape(text)
  return (tostring(text):gsub("%s+", " "):gsub("%p", "\\%0"))
end

---@class ebb.News
---@field add fun(subject: ebb.Subject, reason: string)
---@field send fun(title: string, is_partial?: boolean)

--- News of subjects over a channel, each told once for as long as its reason stays the same: `add` while the run goes on,
--- `send` at its end. One message, and none where there is nothing new; what does not fit comes with the next run. A channel
--- that fails is logged and fails no run: the next one tries again. What was not added is forgotten, unless the run looked at
--- a part only.
---@param channel? string nothing is told where it is nil
---@return ebb.News
function notify.news(channel)
  local fresh, standing = {}, {}
  local news = {}

  function news.add(subject, reason)
    local id = host.shared.subject_of(subject).id
    standing[id] = true
    if not channel or state.get("told:" .. id) == reason then return end
    fresh[#fresh + 1] = { id = id, subject = subject, reason = reason }
  end

  function news.send(title, is_partial)
    local told = list.chunk(fresh, 200)[1]
    if told then
      local lines = list.map(list.group(told, "reason"), function(group) return group.key .. ": " .. #group.items end)
      local is_told, problem = pcall(notify.send, channel, {
        title = title, text = table.concat(lines, "\n"),
        subjects = list.map(told, function(each) return each.subject end),
      })
      if is_told then
        for _, each in ipairs(told) do state.set("told:" .. each.id, each.reason) end
      else
        log.warn("nobody was told", { channel = channel, problem = tostring(problem) })
      end
    end
    -- What nobody has to hear of any more is forgotten.
    for _, key in ipairs(is_partial and {} or state.keys "told:") do
      if not standing[key:sub(6)] then state.delete(key) end
    end
  end

  return news
end

return notify
