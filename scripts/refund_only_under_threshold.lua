-- 小额仅退款。Files small claims for defects as money only, where sending the goods back costs more than it brings.
--
-- 规则写明金额、原因、品类和次数；规则之外一律转人工。The warehouse's sheet has one row for each defect: 订单号, 订单行号 (of orders with several
-- lines), 原因, 索赔金额, 退货成本, 品类, 客户, 图片. A claim is filed on Taobao where it is at most `at_most`, or where the return
-- would cost `return_share` percent of what was paid or more; where the reason is on the list and the category is not
-- excluded; and where neither the customer nor the seller had more than so many within 30 days. Everything else goes
-- to a person, as does what the marketplace offers otherwise: its reasons, its most, the evidence that it asks for.
--
-- One line is claimed for once within half a year. Amounts are counted by run and by day. What the end customer gets
-- is another ledger: the report lists what may be paid out there, and no operation here pays it. 1688 is not covered:
-- its refunds of money alone after receipt need a voucher that was uploaded before. Pictures are links; Ebb neither
-- fetches nor checks them.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local money      = require "ebb.money"
local orders     = require "ebb.orders"
local state      = require "ebb.state"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "refund_only_under_threshold", title = "Refund only under a threshold · 小额仅退款",
  params = {
    defects      = { type = "rows", default = "@inbox/defects.csv", help = "what the inspection found", columns = {
      order    = { type = "id",    heading = { "订单号", "采购单号" } },
      line     = { type = "id",    heading = { "订单行号", "子订单号" }, optional = true },
      reason   = { type = "text",  heading = "原因" },
      amount   = { type = "money", heading = { "索赔金额", "索赔金额(元)" }, currency = "CNY" },
      cost     = { type = "money", heading = { "退货成本", "退货成本(元)" }, currency = "CNY", optional = true },
      category = { type = "text",  heading = "品类", optional = true },
      customer = { type = "text",  heading = "客户", optional = true },
      picture  = { type = "text",  heading = "图片", optional = true },
    } },
    at_most      = { type = "money",   default = "50 CNY", help = "file where the claim is at most this" },
    return_share = { type = "integer", default = 60, min = 1, help = "or where the return costs so many percent" },
    ceiling      = { type = "money",   default = "200 CNY", help = "and never above this" },
    reasons      = { type = "list",    default = "质量问题,空包裹或少货,颜色款式图案与描述不符",
                     help = "reasons that may be given" },
    excluded     = { type = "list",    default = "电池,液体,化妆品", help = "categories that go to a person" },
    per_customer = { type = "integer", default = 2, min = 0, help = "claims of one customer within 30 days" },
    per_seller   = { type = "integer", default = 5, min = 0, help = "claims against one seller within 30 days" },
    limit        = { type = "integer", default = 20, min = 0, help = "claims in one run" },
    day_amount   = { type = "money",   default = "1000 CNY", help = "claims of one day" },
    description  = { type = "text",    default = "验货发现问题，申请部分退款。", help = "what a claim says" },
  },
  guards = {
    writes     = { "taobao.refunds.create" },
    max_writes = { run = 20, day = 50 },
    max_amount = { run = "2000 CNY", day = "2000 CNY" },
    stop_after = 3,
  },
  schedule = { every = "1h" },
}

local window = 30 * 24 * time.hour
local today = time.date(now(), "Asia/Shanghai")

-- When lines were claimed for, by the keys alone; what is older than half a year is forgotten.
local filed_before = {}
local oldest = time.date(now() - 6 * window, "Asia/Shanghai")
for _, key in ipairs(state.keys "line:") do
  local day, line = key:match "^line:([%d-]+):(.+)$"
  if day < oldest then state.delete(key) else filed_before[line] = day end
end

-- The times of what was filed within the window for one name, oldest first.
local function recent(namespace, name)
  return list.filter(state.get(namespace .. ":" .. name) or {}, function(at) return now() - at < window end)
end

local function count(namespace, name)
  if not name or name == "" then return end
  local times = recent(namespace, name)
  times[#times + 1] = now()
  state.set(namespace .. ":" .. name, times)
end

local function is_over(namespace, name, most) return name and name ~= "" and #recent(namespace, name) >= most end

local function spent() return money.cny(state.get("day:" .. today) or 0) end

local function rule_of(row, line)
  if row.amount <= p.at_most then return "small amount" end
  -- Whole numbers: cost is at least so many percent of what was paid.
  if row.cost and row.cost * 100 >= line.amount * p.return_share then return "the return costs too much" end
end

local received = { WAIT_BUYER_CONFIRM_GOODS = true, TRADE_FINISHED = true, ["11"] = true }
local no_claim = { [""] = true, ["0"] = true, ["-20"] = true, ["nil"] = true }

-- The line that a row is about, as the marketplace has it; nil and why where there is none to claim for.
local function line_of(row)
  local order = taobao.orders.get { orderId = row.order }
  if not received[tostring(order.status)] then return nil, "its order is not shipped, or closed" end
  local lines = order.orderLineList or {}
  if not row.line and #lines ~= 1 then return nil, "its order has several lines, and the sheet names none" end
  local line = list.find(lines, function(each) return not row.line or tostring(each.subPurchaseOrderId) == row.line end)
  if not line then return nil, "its order has no such line" end
  local id = tostring(line.subPurchaseOrderId)
  if filed_before[id] then return nil, "it was claimed for before" end
  if not no_claim[tostring(line.refundStatus)] then return nil, "its line has a claim" end
  local paid = math.tointeger(tonumber(line.payAmount))
  if not paid then return nil, "what was paid is unreadable" end
  return { id = id, amount = money.cny(paid), title = line.title, seller = order.supplierNick }
end

-- Why a person judges; nil where the rules let it be filed.
local function objection(row, line)
  if row.amount.fen <= 0 or row.amount > line.amount then return "its amount is none, or more than was paid" end
  if not rule_of(row, line) then return "it is above the threshold" end
  if row.amount > p.ceiling then return "it is above the ceiling" end
  if not list.find(p.reasons, function(reason) return reason == row.reason end) then
    return "its reason is not on the list"
  end
  if row.category and text.contains_any(row.category, p.excluded) then return "its category is excluded" end
  if is_over("customer", row.customer, p.per_customer) then return "its customer claims often" end
  if is_over("seller", line.seller, p.per_seller) then return "its seller is claimed against often" end
end

local filed, payable = 0, {}

local function file(row, line, subject)
  local asked = { purchaseOrderLineId = line.id, refundType = 1, goodsStatus = 4 }
  local offer = orders.offer(taobao.refunds.render(asked))
  local reason = list.find(offer.reasons, function(each) return each.text == row.reason end)
  if not reason then return hand_over(subject, "the marketplace does not offer its reason", row.reason) end
  local has_picture = row.picture ~= nil and row.picture ~= ""
  if reason.needs_evidence and not has_picture then return hand_over(subject, "its reason needs evidence", row.reason) end
  if not offer.most or row.amount > offer.most then
    return hand_over(subject, "the marketplace offers less", offer.most and tostring(offer.most))
  end
  if filed >= p.limit then return keep(subject, "over this run's limit") end
  if spent() + row.amount > p.day_amount then return keep(subject, "over this day's amount") end
  asked.reasonId, asked.refundFee = math.tointeger(tonumber(reason.id)), row.amount.fen
  asked.refundDesc = p.description
  if has_picture then
    local pack = aftersales.evidence("taobao", "create", { { url = row.picture, kind = "defect" } })
    asked.images = pack.images
  end
  local answer, code = act(subject, rule_of(row, line), taobao.refunds.create, asked)
  if not (answer or code == "in_doubt") then return end
  filed = filed + 1
  state.set("line:" .. today .. ":" .. line.id, true)
  count("customer", row.customer)
  count("seller", line.seller)
  state.set("day:" .. today, (spent() + row.amount).fen)
  payable[#payable + 1] = {
    order = row.order, line = line.id, rule = rule_of(row, line), amount = tostring(row.amount),
    customer = row.customer,
    settled = answer and "yes" or "not yet",
  }
end

local function key_of(row) return row.order .. "/" .. (row.line or "") end

each(list.unique(p.defects, key_of), function(row)
  local line, problem = line_of(row)
  local subject = { id = row.order, amount = row.amount, title = line and line.title }
  if problem == "it was claimed for before" then return keep(subject, problem) end
  local why = problem or objection(row, line)
  if why then return hand_over(subject, why, tostring(row.amount)) end
  file(row, line, subject)
end)

report("Claimed: the customer may keep it and be paid · 可向客户退款", payable, {
  columns = {
    { key = "order", heading = "订单号 Order" }, { key = "line", heading = "订单行号 Line" },
    { key = "rule", heading = "规则 Rule" }, { key = "amount", heading = "金额 Amount" },
    { key = "customer", heading = "客户 Customer" }, { key = "settled", heading = "已确认 Settled" },
  },
  totals = { "amount" },
})

return { filed = filed }
