-- 改价核对。Compares what an unpaid order costs now with what was approved for it, and says which may not be paid.
--
-- 卖家改价的消息不带新价格，子订单关闭时也会触发：一律重新查询。A message of a changed price carries none, and comes when
-- lines are closed as well, so the order is read. The approved amount is the sheet's (市场, 订单号, 批准金额), else the one
-- at which the order was first seen. A person changes it with a new row.
--   * Within `tolerance` of what was approved it may go on to be paid.
--   * Lower: it may be paid, and is listed, so that the margin is reckoned anew.
--   * Higher, or changed without an approved amount, or with a line closed: a person has it, not to be paid.
-- It pays nothing, cancels nothing, and cannot stop others from paying: `ebb hold ORDER` does, until it is released.
-- What is paid or closed is over: only unpaid orders change their price.
local list   = require "ebb.list"
local money  = require "ebb.money"
local orders = require "ebb.orders"
local pages  = require "ebb.pages"
local state  = require "ebb.state"

local p = playbook {
  ebb = 1, name = "price_change_hold", title = "Price change hold · 改价核对",
  params = {
    quotes    = { type = "rows", help = "what was approved", columns = {
      market = { type = "choice", heading = { "市场", "平台" }, choices = { "淘宝", "1688" } },
      id     = { type = "id",     heading = { "订单号", "采购单号" } },
      amount = { type = "money",  heading = { "批准金额", "批准金额(元)" }, currency = "CNY" },
    } },
    markets   = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                  help = "where to look" },
    tolerance = { type = "money", default = "0 CNY", help = "more than was approved by so much may still be paid" },
  },
  guards = { writes = {} },
  schedule = { every = "30m" },
  on = { "taobao.events.orderPriceChanged", "alibaba.events.orderPriceChanged" },
}

local quotes = {}
for _, row in ipairs(p.quotes or {}) do
  local market = row.market == "1688" and "1688:" or "taobao:"
  quotes[market .. row.id] = row.amount
end

local rows = {}

local function note(order, verdict, approved)
  rows[#rows + 1] = {
    order = order.id, verdict = verdict, approved = approved and tostring(approved) or "?",
    now = order.amount and tostring(order.amount) or "?", seller = order.supplier, title = order.title,
  }
end

local function stop(order, reason, approved, detail)
  note(order, "do not pay", approved)
  hand_over(order, reason, detail)
end

local function judge(order, is_told)
  local name = order.market .. ":" .. order.id
  local key = "quote:" .. name
  if order.state ~= "waiting_payment" then
    state.delete(key)
    return keep(order, "it is not unpaid any more", order.status)
  end
  if not order.amount then return stop(order, "what it costs is unreadable") end
  local kept = state.get(key)
  local approved = quotes[name] or kept and money.new(kept.fen, kept.currency)
  if not approved and is_told then return stop(order, "its price changed, and no amount was approved") end
  if not kept then
    state.set(key, { fen = order.amount.fen, currency = order.amount.currency, lines = #order.lines })
  end
  local is_closed = list.find(order.lines, function(line) return line.state == "closed" end)
  if is_closed or kept and kept.lines and #order.lines < kept.lines then
    return stop(order, "a line of it was closed: it is cancelled in part", approved)
  end
  if not approved then return keep(order, "its amount is remembered as approved", tostring(order.amount)) end
  if approved.currency ~= order.amount.currency then
    return stop(order, "it costs another currency", approved, tostring(order.amount))
  end
  local change = tostring(approved) .. " approved, " .. tostring(order.amount) .. " now"
  if order.amount == approved then return keep(order, "it costs what was approved", tostring(approved)) end
  -- The tolerance is of one currency: in others there is none.
  local most = p.tolerance.currency == approved.currency and approved + p.tolerance or approved
  if order.amount > most then
    return stop(order, "it costs more than was approved", approved, change)
  end
  if order.amount > approved then return keep(order, "it costs more, within the tolerance", change) end
  note(order, "reckon the margin anew", approved)
  keep(order, "it costs less than was approved", change)
end

local function compare(market, id, is_told)
  judge(orders.reread(id, market), is_told)
end

if event then
  local market = event.kind:find "^alibaba" and "1688" or "taobao"
  each({ event }, function(told)
    -- The page of 1688's message shows the order itself, its maker's own documents an id.
    local base = told.body.baseInfo or {}
    compare(market, tostring(told.body.orderId or base.idOfStr or base.id), true)
  end)
else
  for _, market in ipairs(p.markets) do
    local found = list.set {}
    if market == "taobao" then
      each(pages(taobao.orders.list, { status = "WAIT_BUYER_PAY" }), function(row) found.add(tostring(row.orderId)) end)
    else
      each(pages(alibaba.orders.list, { orderStatus = "waitbuyerpay" }), function(row)
        found.add(tostring(row.baseInfo.idOfStr or row.baseInfo.id))
      end)
    end
    local prefix = "quote:" .. market .. ":"
    -- What was unpaid and is no longer listed is read once more, and forgotten.
    for _, key in ipairs(state.keys(prefix)) do found.add(key:sub(#prefix + 1)) end
    each(found.values(), function(id) compare(market, id) end)
  end
end

report("Changed prices · 改价", rows, {
  columns = {
    { key = "order", heading = "订单号 Order" }, { key = "verdict", heading = "结论 Verdict" },
    { key = "approved", heading = "批准金额 Approved" }, { key = "now", heading = "现价 Now" },
    { key = "seller", heading = "卖家 Seller" }, { key = "title", heading = "商品 Title" },
  },
  totals = { "approved", "now" },
})

return { changed = #rows }
