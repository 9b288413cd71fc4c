-- 补漏消息。Finds what changed while no callback told of it, and raises the event that the callback would have been.
--
-- 平台推送会丢：发送失败最多重推五次，之后就没有了。本剧本每半小时用查询接口核对退款和订单，凡是状态变了、却没有收到推送的，
-- 补发一个同类事件，订阅该事件的剧本便像收到推送一样运行。它只读不写，不会改动任何订单。
--   · 首次运行只盘点现状，不补发；此后记住每个退款、订单最后一次看到的状态、金额、时间。
--   · 列表会滞后，所以凡有变化的都先等一会儿（grace，给迟到的推送留时间），再单独查询一次，以单独查询为准；比已记录的更旧的丢弃。
--   · 已有推送说过同样状态的不补发；同一变化只补发一次（键由编号、状态、金额、时间组成）。
--   · 翻页不因「都认识」而停，只因「都认识且没变」而停；每周全量核对一次。
--
-- A callback that is lost stays lost once the vendor has sent it five times more. Every half hour this playbook asks the
-- query operations instead. It writes nothing to the marketplaces.
--   * The first run takes stock and raises nothing. From then on it keeps the state, amount and times that it last saw of
--     every refund and order, in its memory (`ebb state list backfill_missed_messages`).
--   * A plan shows what would be raised and keeps nothing: `ebb promote` it to have it raise.
--   * Lists lag. What differs from what is kept is read singly after a while (`grace`, so that a callback on its way comes
--     first), and only what is read then counts. What is older than what is kept is dropped.
--   * A change is told where the latest callback about its subject says the same state and was sent (received, where it names
--     no time) at or after the subject's own time of change; on Taobao's refunds, which carry none, since the subject was last
--     seen (`clock_skew` apart). What is told is not raised. What was raised before tells of the change that it was raised
--     for alone. Asking and raising are one step, and a change has one key: nothing is raised twice.
--   * Lists of what is open, and of what changed since the last run, are read to their end. Taobao's orders cannot be asked
--     for by time of change for certain: their list is read from the newest on, and reading stops only after a page's worth of
--     orders that are known and unchanged, never because they are known. Once a week (`full_every`) everything is read.
--   * Changes to the same state look as one where a callback told the first and none told what came after it: on Taobao's
--     refunds within one interval (before the first change that is seen of a refund, within `overlap` before stock was taken of
--     it too), elsewhere within `clock_skew`. A window that begins anew less than `clock_skew` after the one that is known is
--     not seen at all.
local aftersales = require "ebb.aftersales"
local events     = require "ebb.events"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "backfill_missed_messages", title = "Backfill missed messages · 补漏消息",
  params = {
    markets      = { type = "list",     default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                     help = "where to look" },
    orders       = { type = "boolean",  default = true,  help = "look at orders as well as refunds" },
    grace        = { type = "duration", default = "2m",  help = "how long a callback on its way is waited for" },
    overlap      = { type = "duration", default = "1h",  help = "look so far back before the last run: lists lag" },
    clock_skew   = { type = "duration", default = "30s", help = "how far clocks, and two readings of one deadline, may differ" },
    refunds_back = { type = "duration", default = "60d", help = "full look: refunds applied for within this" },
    orders_back  = { type = "duration", default = "30d", help = "orders placed within this" },
    full_every   = { type = "duration", default = "7d",  help = "how often everything is read" },
    max_pages    = { type = "integer",  default = 200, min = 1, help = "give up rather than read more pages of one list" },
    list_kept    = { type = "boolean",  default = false, help = "list also what is known and unchanged" },
  },
  guards = { writes = {} },
  schedule = { every = "30m", misfire = "last" },
}

local counts = {}

local function count(source, what) counts[source][what] = (counts[source][what] or 0) + 1 end

-- What was seen of a subject: `kind`, `id`, `status`, `amount`, `modified` (where the marketplace says it), `deadline`, and
-- whether it is over. Each kind knows how to read one singly, and which callbacks would tell of a change.

local function of_refund(refund)
  return {
    kind = refund.market == "1688" and "alibaba.refund" or "taobao.refund", id = refund.id, status = refund.status,
    amount = refund.amount and refund.amount.fen, modified = refund.modified, deadline = refund.deadline,
    over = refund.state == "refunded" or refund.state == "closed", order = refund.order_id, line = refund.line_id,
  }
end

local closed_on_taobao = {
  TRADE_FINISHED = true, TRADE_CLOSED = true, TRADE_CLOSED_BY_TAOBAO = true, ["4"] = true,
}

local function of_taobao_order(order)
  local status = tostring(order.status)
  return {
    kind = "taobao.order", id = tostring(order.orderId or order.purchaseId), status = status,
    amount = order.purchaseAmount and tostring(order.purchaseAmount), modified = time.parse(order.modifyTime),
    over = closed_on_taobao[status] or false, unpaid = status:find("^WAIT_BUYER_P") ~= nil or status == "0",
    order = tostring(order.purchaseId or order.orderId), number = order.sellerOrderNumber,
  }
end

local closed_on_1688 = { success = true, cancel = true, terminated = true }

local function of_alibaba_order(order)
  local base = order.baseInfo
  return {
    kind = "alibaba.order", id = tostring(base.idOfStr or base.id), status = base.status,
    amount = base.totalAmount and tostring(base.totalAmount), modified = time.parse(base.modifyTime),
    over = closed_on_1688[base.status] or false, unpaid = base.status == "waitbuyerpay",
  }
end

-- The event of a new state, or of a new price where the order can still be paid; nil where no callback would tell.
local function order_event(market, sight, held)
  if not held or held.status ~= sight.status then return market .. ".events.orderStatusChanged" end
  if held.amount ~= sight.amount and sight.unpaid then return market .. ".events.orderPriceChanged", true end
end

local kinds = {
  ["taobao.refund"] = {
    read = function(id) return of_refund(aftersales.refund(taobao.refunds.get { refundId = id })) end,
    event = function(sight)
      return "taobao.events.refundChanged", {
        refundId = sight.id, purchaseOrderId = sight.order, purchaseOrderLineId = sight.line, refundStatus = sight.status,
      }
    end,
  },
  ["alibaba.refund"] = {
    read = function(id) return of_refund(aftersales.refund(alibaba.refunds.get { refundId = id })) end,
    event = function(sight)
      return "alibaba.events.refundChanged",
        { orderId = sight.order, refundId = sight.id, currentStatus = sight.status }
    end,
  },
  ["taobao.order"] = {
    read = function(id) return of_taobao_order(taobao.orders.get { orderId = id }) end,
    event = function(sight, held)
      local event, is_price = order_event("taobao", sight, held)
      if is_price then return event, { purchaseOrderId = sight.order, orderId = sight.id } end
      return event, { purchaseId = sight.order, orderId = sight.id, outerPurchaseId = sight.number, status = sight.status }
    end,
  },
  ["alibaba.order"] = {
    read = function(id) return of_alibaba_order(alibaba.orders.get { webSite = "1688", orderId = id }) end,
    event = function(sight, held)
      return order_event("alibaba", sight, held), { orderId = sight.id, currentStatus = sight.status }
    end,
  },
}

-- What is kept, in 128 values for each kind so that a run takes few steps: id → what was seen last, and when.

local shelves = 128
local loaded, changed = {}, {}

local function shelf_of(kind, id)
  local sum = 0
  for index = 1, #id do sum = (sum * 31 + id:byte(index)) % 1000003 end
  local key = kind .. "/" .. sum % shelves
  if not loaded[key] then loaded[key] = state.get(key) or {} end
  return loaded[key], key
end

local function held_of(kind, id) return (shelf_of(kind, id))[id] end

local function hold(sight, at)
  local shelf, key = shelf_of(sight.kind, sight.id)
  shelf[sight.id] = {
    status = sight.status, amount = sight.amount, modified = sight.modified, deadline = sight.deadline,
    over = sight.over or nil, at = at,
  }
  changed[key] = true
end

local function drop(kind, id)
  local shelf, key = shelf_of(kind, id)
  shelf[id] = nil
  changed[key] = true
end

local function all_held(kind)
  local ids = {}
  for _, key in ipairs(state.keys(kind .. "/")) do
    if not loaded[key] then loaded[key] = state.get(key) end
  end
  for number = 0, shelves - 1 do
    for id, held in pairs(loaded[kind .. "/" .. number] or {}) do ids[#ids + 1] = { id = id, held = held } end
  end
  return ids
end

-- A deadline is another only where a new window began: the two clocks of one may differ by less than this.
local drift = math.max(p.clock_skew, 1)

-- Two sights of one state.
local function same(held, sight)
  return held.status == sight.status and held.amount == sight.amount and held.modified == sight.modified
    and (held.deadline == nil) == (sight.deadline == nil)
    and (held.deadline == nil or math.abs(held.deadline - sight.deadline) < drift)
end

local function compact(instant)
  return os.date("!%Y%m%d%H%M%S", instant // 1000 + 8 * 3600) .. ("%03d+0800"):format(instant % 1000)
end

local function rows(operation, arguments) return pages.stream(operation, arguments, { max = p.max_pages }) end

-- The lists. Each source hands what it lists to `look`, which says whether that is known and unchanged.

local open_on_taobao = { 10, 20, 30, 90, -10 }
local open_on_1688 = { "waitselleragree", "waitbuyermodify", "waitbuyersend", "waitsellerreceive" }

local function taobao_refunds(since, full, look)
  for _, status in ipairs(open_on_taobao) do
    for row in rows(taobao.refunds.list, { refundStatus = status }) do look(of_refund(aftersales.refund(row))) end
  end
  local start = full and now() - p.refunds_back or since
  for row in rows(taobao.refunds.list, { refundStartTime = start }) do look(of_refund(aftersales.refund(row))) end
end

local page_of_orders = 100

local function taobao_orders(since, full, look)
  if not full then
    for row in rows(taobao.orders.list, { startTime = since }) do look(of_taobao_order(row)) end
  end
  local unchanged, newest_first, earlier = 0, true, math.huge
  for row in rows(taobao.orders.list, { startTime = now() - p.orders_back }) do
    local created = time.parse(row.createdTime)
    newest_first = newest_first and created ~= nil and created <= earlier
    earlier = created
    unchanged = look(of_taobao_order(row)) and unchanged + 1 or 0
    if not full and newest_first and unchanged >= page_of_orders then break end
  end
end

local function look_at_1688(since, full, look)
  local function refunds_of(order)
    for _, line in ipairs(order.productItems or {}) do
      for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
        if id ~= "" then look(tostring(id)) end
      end
    end
  end
  for _, status in ipairs(open_on_1688) do
    for order in rows(alibaba.orders.list, { refundStatus = status }) do refunds_of(order) end
  end
  local filter = { modifyStartTime = since and compact(since) }
  if full then filter = { createStartTime = compact(now() - math.max(p.refunds_back, p.orders_back)) } end
  for order in rows(alibaba.orders.list, filter) do
    refunds_of(order)
    if p.orders then look(of_alibaba_order(order)) end
  end
end

local sources = {
  { id = "taobao.refunds", market = "taobao", kinds = { "taobao.refund" }, read = taobao_refunds },
  { id = "taobao.orders", market = "taobao", kinds = { "taobao.order" }, read = taobao_orders, orders = true },
  { id = "1688", market = "1688", kinds = { "alibaba.refund", "alibaba.order" }, read = look_at_1688 },
}

local wanted = {}
for _, market in ipairs(p.markets) do wanted[market] = true end

-- First the lists: what differs from what is held is suspect.

local suspects = {}
local reach = ("%d/%d/%s"):format(p.refunds_back, p.orders_back, p.orders)

local function suspect(kind, id, source, since)
  suspects[#suspects + 1] = { id = id, kind = kind, source = source, since = since }
  source.open = (source.open or 0) + 1
end

local function read_lists(source)
  local began = now()
  local mark = state.get("source/" .. source.id)
  -- Where it looks further than before, what it finds there is no news.
  local takes_stock = mark == nil or mark.reach ~= reach
  local full = takes_stock or began - mark.full >= p.full_every
  local since = mark and mark.at - p.overlap
  local seen = {}
  counts[source.id] = {}

  local function look(sight)
    -- A refund of 1688 is known by its id alone: no list shows it.
    local id = type(sight) == "string" and sight or sight.id
    local kind = type(sight) == "string" and "alibaba.refund" or sight.kind
    if seen[kind .. id] ~= nil then return seen[kind .. id] end
    local held = held_of(kind, id)
    if type(sight) == "string" then
      -- What is over stays as it is.
      sight = held and held.over and held or kinds[kind].read(id)
    end
    local unchanged = held == nil and takes_stock or held ~= nil and same(held, sight)
    seen[kind .. id] = unchanged
    if held == nil and takes_stock then
      -- A list may be late: what a callback told meanwhile is told.
      hold(sight, began - p.overlap)
      count(source.id, "taken stock of")
    elseif unchanged then
      count(source.id, "known and unchanged")
      if p.list_kept then keep(id, "known and unchanged", sight.status) end
    else
      suspect(kind, id, source, since)
    end
    return unchanged
  end

  source.read(since, full, look)
  -- What is held as open and in no list has ended, or is too old for the list.
  for _, kind in ipairs(source.kinds) do
    if full or kind == "taobao.refund" or kind == "alibaba.refund" then
      for _, entry in ipairs(all_held(kind)) do
        if seen[kind .. entry.id] ~= nil then
          -- It is listed.
        elseif not entry.held.over then
          suspect(kind, entry.id, source, since)
        elseif full then
          drop(kind, entry.id)
          count(source.id, "over and forgotten")
        end
      end
    end
  end
  source.mark = { at = began, full = full and began or mark.full, reach = reach }
end

-- Then each suspect by itself.

local raised = {}

local function judge(item)
  local kind, id, source = kinds[item.kind], item.id, item.source
  local held = held_of(item.kind, id)
  local began = now()
  local ok, sight = pcall(kind.read, id)
  if not ok then
    if type(sight) ~= "table" or sight.code ~= "not_found" then error(sight, 0) end
    drop(item.kind, id)
    count(source.id, "no longer there")
    return keep(id, "it is no longer there")
  end
  if held and held.modified and sight.modified and sight.modified < held.modified then
    count(source.id, "older than what is held")
    return keep(id, "older than what is held", sight.status)
  end
  if held and same(held, sight) then
    count(source.id, "known and unchanged")
    if p.list_kept then keep(id, "known and unchanged", sight.status) end
    return
  end
  local event, body = kind.event(sight, held)
  if not event then
    hold(sight, began)
    count(source.id, "changed in what no callback tells")
    return keep(id, "changed in what no callback tells", sight.status)
  end
  local since = sight.modified or held and held.at or item.since or p.clock_skew
  -- Where the subject has no time at all, a change is the one that follows what was seen then.
  local key = table.concat({
    item.kind, id, sight.status, sight.amount or "",
    sight.modified or sight.deadline and sight.deadline // drift or held and held.at or "",
  }, "/")
  local outcome = events.raise(event, body, { key = key, since = since - p.clock_skew })
  hold(sight, began)
  local change = (held and held.status or "new") .. " → " .. sight.status
  if outcome == "told" then
    count(source.id, "told by a callback")
    return keep(id, "a callback told it", change)
  end
  count(source.id, "raised")
  if outcome == "raised" then raised[#raised + 1] = { id = id, event = event, change = change } end
  keep(id, "no callback told it: its event is raised", change)
end

local looked = {}
each(sources, function(source)
  if not wanted[source.market] or source.orders and not p.orders then return end
  read_lists(source)
  looked[#looked + 1] = source
end)

if #suspects > 0 and p.grace > 0 then sleep(p.grace) end
each(suspects, function(item)
  judge(item)
  item.source.open = item.source.open - 1
end)

-- Kept at the end: a run that breaks off before finds the same again, and what it raised is known by its key.
for key in pairs(changed) do state.set(key, loaded[key]) end
for _, source in ipairs(looked) do
  -- What could not be read is looked for again, from the same mark.
  if (source.open or 0) == 0 then state.set("source/" .. source.id, source.mark) end
end

local summary = {}
for _, source in ipairs(looked) do
  for what, number in pairs(counts[source.id]) do
    summary[#summary + 1] = { source = source.id, what = what, count = number }
  end
end
report("Missed messages · 补漏消息", summary, { columns = {
  { key = "source", heading = "来源 Source" }, { key = "what", heading = "结果 What" },
  { key = "count", heading = "数量 Count" },
} })
if #raised > 0 then
  report("Raised · 已补发", raised, { columns = {
    { key = "id", heading = "编号 Id" }, { key = "event", heading = "事件 Event" },
    { key = "change", heading = "变化 Change" },
  } })
end
