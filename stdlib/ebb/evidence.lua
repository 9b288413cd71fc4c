--- Which pictures convince, and which of them a marketplace takes: what `aftersales.evidence` knows.
local host = ...

---@class ebb.evidence
local evidence = {}

local function fail(message) host.raise("invalid", "aftersales.evidence: " .. message) end

--- What each marketplace takes, as far as it is known (upstream's own documents): pictures by purpose, and lengths of
--- texts as its operations count them.
evidence.limits = {
  taobao = {
    images = { create = 3, modify = 3, submit_return = 3 }, message = { bytes = 400 },
  },
  ["1688"] = {
    images = { create = 5, submit_return = 10 }, image_bytes = 1024 * 1024 - 1, image_kinds = { "jpg", "jpeg" },
    description = { characters = 150 }, return_note = { characters = 200 },
  },
}

--- What convinces most comes first, unless the script says otherwise.
local importance = { "defect", "label", "unboxing", "weight", "trace", "proof", "chat", "other" }

local function wrong_picture(item, limits)
  if limits.image_bytes and item.bytes and item.bytes > limits.image_bytes then return "larger than the market takes" end
  if limits.image_kinds then
    local extension = item.url:lower():match "%.(%w+)$"
    local fits = extension == nil
    for _, kind in ipairs(limits.image_kinds) do fits = fits or extension == kind end
    if not fits then return "not of a kind that the market takes" end
  end
end

---@class ebb.aftersales.Picture
---@field url string
---@field kind? string `defect`, `label`, `unboxing`, `weight`, `trace`, `proof`, `chat` or `other`
---@field bytes? integer

---@class ebb.aftersales.Evidence
---@field market string
---@field purpose string
---@field images string[] what to attach, the most convincing first
---@field left_out { url: string, why: string }[]

--- Chooses the pictures that a market takes for a purpose (`create`, `modify`, `submit_return`): the most convincing
--- first, each once, as many as are allowed; the rest is listed with the reason, so that nothing is lost unseen.
---@param market "taobao"|"1688"
---@param purpose "create"|"modify"|"submit_return"
---@param pictures ebb.aftersales.Picture[]
---@param order? string[] kinds, the most convincing first
---@return ebb.aftersales.Evidence
function evidence.choose(market, purpose, pictures, order)
  local limits = evidence.limits[market]
  if not limits then fail("there is no market " .. tostring(market)) end
  local most = limits.images[purpose]
  if not most then fail(market .. " takes no pictures for " .. tostring(purpose)) end
  local ranks, places = {}, {}
  for rank, kind in ipairs(order or importance) do ranks[kind] = rank end
  for index = 1, #pictures do
    if type(pictures[index]) ~= "table" or type(pictures[index].url) ~= "string" then
      fail("picture " .. index .. " must be a table with a url")
    end
    places[index] = index
  end
  table.sort(places, function(left, right)
    return (ranks[pictures[left].kind or "other"] or 1000) < (ranks[pictures[right].kind or "other"] or 1000)
  end)
  local pack, seen = { market = market, purpose = purpose, images = {}, left_out = {} }, {}
  for _, place in ipairs(places) do
    local picture = pictures[place]
    local why = seen[picture.url] and "attached already" or wrong_picture(picture, limits)
      or #pack.images >= most and "more than the market takes" or nil
    if why then
      pack.left_out[#pack.left_out + 1] = { url = picture.url, why = why }
    else
      pack.images[#pack.images + 1] = picture.url
    end
    seen[picture.url] = true
  end
  return pack
end

return evidence
