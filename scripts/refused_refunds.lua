-- 处理被拒绝的退款。Reads what sellers refuse, sorts it by what they object to, and puts it before them again where that is
-- sure.
--
-- 卖家拒绝后须在期限内修改或申请平台介入，逾期关闭。A refusal (-10, waitbuyermodify) closes without a refund when nobody acts. What the seller
-- says is sorted by words (金额, 运费, 凭证, …): that is a hint for people, never an instruction. Only two things are done
-- by themselves on Taobao, and put the order before the seller again: evidence from the warehouse's sheet (逆向单号,
-- 图片1–3) is attached, and an objection to the freight lowers the amount to the goods alone. All else is handed
-- over with its class, and so is what was refused for the second time, or was put before the seller once already:
-- items take few changes. The amount is never raised, and never above what the marketplace renders.
--
-- Every version is remembered before it is changed (`ebb state list refused_refunds`). Pictures are links; of a pack
-- Taobao takes three, the most convincing first. Ebb does not fetch, shrink, or check them: strip customers' data
-- before, and keep the originals. 1688 has no operation to change a refund here, nor to call in the platform: its
-- refusals are a person's.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local money      = require "ebb.money"
local orders     = require "ebb.orders"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "refused_refunds", title = "Refused refunds · 处理被拒绝的退款",
  params = {
    evidence    = { type = "rows", help = "pictures to attach, one row for each refund", columns = {
      id    = { type = "id",   heading = { "逆向单号", "退款单号" } },
      first = { type = "text", heading = "图片1" },
      second = { type = "text", heading = "图片2", optional = true },
      third = { type = "text", heading = "图片3", optional = true },
    } },
    forgo       = { type = "money",    default = "30 CNY", help = "freight that may be given up in one refund" },
    urgent      = { type = "duration", default = "24h",    help = "give it to a person where less than this is left" },
    limit       = { type = "integer",  default = 20, min = 0, help = "changes in one run" },
    description = { type = "text",     default = "已补充材料，请核实。", help = "what the changed claim says" },
  },
  guards = {
    writes           = { "taobao.refunds.modify" },
    max_writes       = { run = 20, day = 50 },
    max_amount       = { run = "20000 CNY", day = "50000 CNY" },
    require_approval = { amount = "1000 CNY" },
    stop_after       = 3,
  },
  schedule = { every = "2h" },
  on = { "taobao.events.refundChanged", "alibaba.events.refundChanged" },
}

-- What a refusal objects to, by its words; the first that is found counts.
local classes = {
  { "freight", { "运费", "邮费" } },
  { "evidence", { "举证", "凭证", "照片", "视频", "证据", "图片" } },
  { "amount", { "金额", "多退", "部分退款" } },
  { "shipped", { "已发货", "已经发出", "已发出", "在路上", "签收后" } },
  { "condition", { "二次销售", "吊牌", "使用过", "影响销售", "污损" } },
  { "late", { "超过", "过期", "超时", "七天", "7天" } },
}

local function class_of(refusal)
  for _, class in ipairs(classes) do
    if text.contains_any(refusal or "", class[2]) then return class[1] end
  end
  return "unclear"
end

local pictures = {}
for _, row in ipairs(p.evidence or {}) do
  pictures[row.id] = list.filter({ row.first, row.second or "", row.third or "" }, function(url) return url ~= "" end)
end

local asides = {}

local function aside(refund, reason, class, detail)
  asides[#asides + 1] = {
    refund = refund.id, class = class, left = refund.time_left and time.left(refund.time_left) or "?",
    amount = refund.amount and tostring(refund.amount) or "?", why = reason, says = refund.refusal,
    title = refund.title,
  }
  hand_over(refund, reason, detail or class)
end

-- The versions of a claim: what it asked for before each change.
local function remember(refund, class)
  local key = "versions:" .. refund.id
  local versions = state.get(key) or {}
  local order = refund.raw.refundOrderAggregate.refundOrder
  versions[#versions + 1] = {
    at = now(), fen = refund.amount.fen, reason = tostring(order.reasonId), kind = refund.kind, class = class,
  }
  state.set(key, versions)
end

local changed = 0

local function change(refund, reason, class, amount, images)
  if changed >= p.limit then return keep(refund, "over this run's limit") end
  local order = refund.raw.refundOrderAggregate.refundOrder
  local kind, goods = math.tointeger(tonumber(order.refundType)), math.tointeger(tonumber(order.goodsStatus))
  local line = refund.line_id
  if not (kind and line and goods and goods <= 4) then return aside(refund, "what it asks for is unreadable", class) end
  local offer = orders.offer(taobao.refunds.render { purchaseOrderLineId = line, refundType = kind, goodsStatus = goods })
  local reason_id = tostring(order.reasonId)
  local offered = list.find(offer.reasons, function(each) return each.id == reason_id end)
  if not offered then return aside(refund, "its reason is no longer offered", class) end
  if offered.needs_evidence and not images then return aside(refund, "its reason needs evidence", class) end
  if not offer.most or amount > offer.most then return aside(refund, "it asks for more than is offered now", class) end
  if amount ~= refund.amount and not offer.may_edit then
    return aside(refund, "its amount may not be changed", class)
  end
  remember(refund, class)
  local answer, code = act(refund, reason, taobao.refunds.modify, {
    refundId = refund.id, refundType = kind, goodsStatus = goods, reasonId = math.tointeger(tonumber(order.reasonId)),
    refundFee = amount.fen, refundDesc = p.description, images = images,
  })
  if answer or code == "held" or code == "in_doubt" then changed = changed + 1 end
end

-- What the line's goods cost, without freight; nil where that is unreadable.
local function goods_of(refund)
  local line = refund.raw.refundOrderAggregate.purchaseOrderLine or {}
  local fen = math.tointeger(tonumber(line.productFee))
  return fen and fen > 0 and money.cny(fen) or nil
end

local function judge(refund)
  if refund.state ~= "refused" then return keep(refund, "it is not refused", refund.state) end
  local class = class_of(refund.refusal)
  if refund.market == "1688" then return aside(refund, "on 1688 a person answers a refusal", class) end
  if not refund.amount or refund.amount.currency ~= "CNY" then
    return aside(refund, "its amount is unreadable, or of another currency", class)
  end
  if not refund.time_left then return aside(refund, "its deadline is unreadable", class) end
  if #(state.get("versions:" .. refund.id) or {}) > 0 then
    return aside(refund, "it was taken up before", class)
  end
  local images = pictures[refund.id]
  if images then
    local pack = aftersales.evidence("taobao", "modify", list.map(images, function(url)
      return { url = url, kind = "defect" }
    end))
    return change(refund, "the warehouse has evidence", class, refund.amount, pack.images)
  end
  if refund.time_left < p.urgent then return aside(refund, "it closes soon, and nobody answered the refusal", class) end
  local goods = class == "freight" and goods_of(refund)
  if goods and goods < refund.amount then
    if refund.amount - goods > p.forgo then return aside(refund, "more freight than may be given up", class) end
    return change(refund, "the seller objects to the freight alone", class, goods)
  end
  aside(refund, "a person answers this refusal", class)
end

local function refusals()
  if event then return { event } end
  local rows = {}
  for _, row in ipairs(pages(taobao.refunds.list, { refundStatus = -10 })) do rows[#rows + 1] = row end
  local seen = list.set {}
  for _, order in ipairs(pages(alibaba.orders.list, { refundStatus = "waitbuyermodify" })) do
    for _, line in ipairs(order.productItems or {}) do
      for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
        if id ~= "" and seen.add(tostring(id)) then rows[#rows + 1] = tostring(id) end
      end
    end
  end
  return rows
end

each(refusals(), function(row) judge(aftersales.reread(row)) end)

-- The versions of what is over are forgotten.
if not event then
  each(state.keys "versions:", function(key)
    if aftersales.is_open(aftersales.reread(key:sub(10))) == false then state.delete(key) end
  end)
end

if #asides > 0 then
  report("Refused · 卖家拒绝", asides, {
    columns = {
      { key = "refund", heading = "逆向单号 Refund" }, { key = "class", heading = "分类 Class" },
      { key = "left", heading = "剩余时间 Left" }, { key = "amount", heading = "金额 Amount" },
      { key = "why", heading = "原因 Why" }, { key = "says", heading = "卖家原话 Says" },
      { key = "title", heading = "商品 Title" },
    },
    totals = { "amount" },
  })
end

return { changed = changed, for_people = #asides }
