-- Subjects: what a decision keeps of one is its id, and its amount, deadline and title where it has them.
local _, language = ...

local wrappers = { "refundOrder", "refundOrderAggregate", "purchaseOrderLine", "opOrderRefundModelDetail" }
local names = { "id", "refundId", "orderId", "purchaseOrderId", "purchaseOrderLineId" }

local function id_of(item)
  if type(item) ~= "table" then return item end
  for _, name in ipairs(names) do
    if item[name] ~= nil then return item[name] end
  end
  for _, wrapper in ipairs(wrappers) do
    local id = type(item[wrapper]) == "table" and id_of(item[wrapper])
    if id then return id end
  end
end

language.id_of = id_of

function language.subject_of(item, otherwise)
  local id = id_of(item)
  if id == nil then id = otherwise end
  if type(id) ~= "string" and math.type(id) ~= "integer" then
    language.fail("a subject is a table with an id, or an id itself, not "
      .. (type(item) == "table" and "a table without one" or type(item)))
  end
  local subject = { id = tostring(id) }
  if type(item) == "table" then
    local value = item.amount
    if type(value) == "table" and value.fen then subject.amount = { fen = value.fen, currency = value.currency } end
    if math.type(item.deadline) == "integer" then subject.deadline = item.deadline end
    if type(item.title) == "string" then subject.title = item.title end
  end
  return subject
end
