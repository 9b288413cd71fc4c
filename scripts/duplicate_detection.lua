-- 重复检测。Finds what is there twice before money moves twice: two claims that go on for one order line, two of our
-- cases on one reverse order, one payment booked twice.
--
-- 一个订单行只能有一个进行中的售后；下游每笔退款只能对应一个逆向单。It reads and tells; it creates and cancels nothing.
--   * Refunds that go on, of both markets, are compared by market and order line. On 1688 a line may have an in-sale
--     and an after-sale refund one after the other: only two that go on at once are told.
--   * The claims sheet (案件号, 逆向单号) attaches each of our cases to a reverse order. The first case keeps it; a
--     second one for the same reverse order is handed over, so that a repeated message pays no customer twice. The same
--     row again is no duplicate.
--   * The bill sheet (流水号, 逆向单号) attaches each payment number to a reverse order, in the same way.
-- Whose message was repeated is not its concern: callbacks are told apart by their message id as they come in.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local pages      = require "ebb.pages"
local state      = require "ebb.state"

local p = playbook {
  ebb = 1, name = "duplicate_detection", title = "Duplicate detection · 重复检测",
  params = {
    markets = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                help = "where to look" },
    claims  = { type = "rows", help = "our cases, and the reverse orders that they led to", columns = {
      case = { type = "id", heading = { "案件号", "售后单号" } },
      id   = { type = "id", heading = { "逆向单号", "退款单号" } },
    } },
    bills   = { type = "rows", help = "payments that came back", columns = {
      number = { type = "id", heading = { "流水号", "渠道退款号" } },
      id     = { type = "id", heading = { "逆向单号", "退款单号" } },
    } },
  },
  guards = { writes = {} },
  schedule = { every = "1h" },
}

local function open_on_taobao(found)
  for _, status in ipairs { 10, 20, 30, 90, -10 } do
    each(pages(taobao.refunds.list, { refundStatus = status }), function(row) found.add(aftersales.refund(row).id) end)
  end
end

local function open_on_1688(found)
  for _, status in ipairs { "waitselleragree", "waitbuyermodify", "waitbuyersend", "waitsellerreceive" } do
    each(pages(alibaba.orders.list, { refundStatus = status }), function(order)
      for _, line in ipairs(order.productItems or {}) do
        for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
          if id ~= "" then found.add(tostring(id)) end
        end
      end
    end)
  end
end

local twice = {}

local function tell(subject, reason, other)
  twice[#twice + 1] = { subject = subject.id, why = reason, other = other, title = subject.title }
  hand_over(subject, reason, other)
end

local function look_at_lines()
  local found = list.set {}
  for _, market in ipairs(p.markets) do
    if market == "taobao" then open_on_taobao(found) else open_on_1688(found) end
  end
  local refunds = {}
  each(found.values(), function(id)
    -- Lists lag: what is over does not count.
    local refund = aftersales.reread(id)
    if aftersales.is_open(refund) ~= false then refunds[#refunds + 1] = refund end
  end)
  local ids = {}
  for _, group in ipairs(aftersales.duplicates(refunds)) do
    for _, refund in ipairs(group.refunds) do ids[refund.id] = group.key end
  end
  for _, refund in ipairs(refunds) do
    if ids[refund.id] then
      tell(refund, "two claims go on for one order line", ids[refund.id])
    else
      keep(refund, "it is the only one of its line")
    end
  end
end

-- The first that claims a name keeps it.
local function attach(rows, namespace, key, owner, reason)
  each(rows or {}, function(row)
    local first = state.claim(namespace, row[key], row[owner])
    if first == row[owner] then return keep(row[owner], "it is attached", row[key]) end
    tell({ id = row[owner] }, reason, row[key] .. " belongs to " .. first)
  end)
end

look_at_lines()
attach(p.claims, "case", "id", "case", "another case has this reverse order")
attach(p.bills, "bill", "number", "id", "another reverse order has this payment")

report("Twice · 重复", twice, { columns = {
  { key = "subject", heading = "编号 Subject" }, { key = "why", heading = "原因 Why" },
  { key = "other", heading = "与之重复 Other" }, { key = "title", heading = "商品 Title" },
} })

return { twice = #twice }
