-- 退货包裹停滞。Watches returns that are on their way back (30), and tells lost parcels from sellers who do not confirm.
--
-- 没有查询退货物流的接口：寄回包裹的去向来自仓库或快递的表格。No operation follows a return parcel, so where it is comes from a sheet: 逆向单号, 物流状态
-- (运输中, 已签收, 丢失, 退回, 异常), 更新时间. A parcel that was signed for, and is not confirmed `confirm_within` later, is told to
-- the seller with its waybill and the time of signing, once a day and three times in all. One that does not move for
-- `stuck_after` is handed over for an inquiry at the carrier, and an insurance claim; so are parcels that are lost,
-- that come back, or are held. Of a parcel that is on no sheet, the time counts from when this playbook first saw it
-- on its way.
--
-- Near the deadline it waits where the seller's silence grants the refund: a message may wake a refusal. Where
-- silence does not, what is left is a person's. Refunds of 1688 have no operation for messages: they are handed over.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "return_parcel_stuck", title = "Return parcel stuck · 退货包裹停滞",
  params = {
    parcels        = { type = "rows", help = "where the return parcels are", columns = {
      id   = { type = "id",     heading = { "逆向单号", "退款单号" } },
      what = { type = "choice", heading = "物流状态", choices = { "运输中", "已签收", "丢失", "退回", "异常" } },
      at   = { type = "time",   heading = { "更新时间", "最后更新" } },
    } },
    markets        = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                       help = "where to look" },
    confirm_within = { type = "duration", default = "48h", help = "sellers confirm so long after signing" },
    stuck_after    = { type = "duration", default = "5d",  help = "a parcel that does not move for so long is stuck" },
    wait_below     = { type = "duration", default = "48h", help = "wait for what silence grants within this" },
    limit          = { type = "integer",  default = 50, min = 0, help = "messages in one run" },
    text           = { type = "text", default = "您好，逆向单{refund}的退货（运单{waybill}）已于{signed}签收，请确认收货并退款。",
                       help = "what is written; {refund}, {waybill}, {signed} are filled in" },
  },
  guards = {
    writes       = { "taobao.refunds.sendMessage" },
    max_writes   = { run = 50, day = 150 },
    same_subject = { every = "24h", times = 3 },
    quiet_hours  = { hours = "22:00-08:00", zone = "Asia/Shanghai" },
    stop_after   = 3,
  },
  schedule = { cron = "30 10,16 * * *", zone = "Asia/Shanghai" },
}

-- The newest row of each parcel.
local parcels = {}
for _, group in ipairs(list.group(p.parcels or {}, "id")) do parcels[group.key] = list.max(group.items, "at") end

local troubles = { ["丢失"] = "the parcel is lost: claim the insurance", ["退回"] = "the parcel comes back to us",
  ["异常"] = "the parcel is held: ask the carrier" }

local function first_seen(refund)
  local key = "seen:" .. refund.id
  local seen = state.get(key)
  if not seen then
    seen = now()
    state.set(key, seen)
  end
  return seen
end

local stuck, sent = {}, 0

local function aside(refund, reason, detail)
  stuck[#stuck + 1] = {
    refund = refund.id, waybill = refund.waybill or "?", why = reason, detail = detail,
    left = refund.time_left and time.left(refund.time_left) or "?", title = refund.title,
  }
  hand_over(refund, reason, detail)
end

local function tell(refund, signed)
  if refund.market == "1688" then return aside(refund, "signed for, not confirmed: on 1688 a person writes") end
  if sent >= p.limit then return keep(refund, "over this run's limit") end
  local filled = text.fill(p.text, {
    refund = refund.id, waybill = refund.waybill or "", signed = time.clock(signed, "Asia/Shanghai"),
  })
  local answer, code = act(refund, "signed for, and not confirmed", taobao.refunds.sendMessage, {
    refundId = refund.id, refundMessage = (text.cut(filled, aftersales.limits.taobao.message)),
  })
  if answer or code == "held" or code == "in_doubt" then sent = sent + 1 end
end

local function judge(refund)
  if refund.state ~= "waiting_receipt" then return keep(refund, "it is not on its way back", refund.state) end
  local parcel = parcels[refund.id]
  local seen = first_seen(refund)
  if parcel and troubles[parcel.what] then return aside(refund, troubles[parcel.what], parcel.what) end
  local still = now() - (parcel and parcel.at or seen)
  local waits = refund.expiry == "favourable" and refund.time_left and refund.time_left <= p.wait_below
  if parcel and parcel.what == "已签收" then
    if still < p.confirm_within then return keep(refund, "the seller has time to confirm", time.describe(still)) end
    if waits then return keep(refund, "silence grants it soon", time.left(refund.time_left)) end
    if not refund.time_left then return aside(refund, "signed for, and its deadline is unreadable") end
    return tell(refund, parcel.at)
  end
  if still >= p.stuck_after then
    return aside(refund, parcel and "the parcel does not move: ask the carrier" or "nobody knows where the parcel is",
      time.describe(still))
  end
  keep(refund, "it is on its way", time.describe(still))
end

local found = list.set {}
for _, market in ipairs(p.markets) do
  if market == "taobao" then
    each(pages(taobao.refunds.list, { refundStatus = 30 }), function(row) found.add(aftersales.refund(row).id) end)
  else
    each(pages(alibaba.orders.list, { refundStatus = "waitsellerreceive" }), function(order)
      for _, line in ipairs(order.productItems or {}) do
        for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
          if id ~= "" then found.add(tostring(id)) end
        end
      end
    end)
  end
end

each(found.values(), function(id) judge(aftersales.reread(id)) end)

-- What is no longer on its way is forgotten.
for _, key in ipairs(state.keys "seen:") do
  if not found.has(key:sub(6)) then state.delete(key) end
end

report("Stuck · 停滞", stuck, { columns = {
  { key = "refund", heading = "逆向单号 Refund" }, { key = "waybill", heading = "运单号 Waybill" },
  { key = "why", heading = "原因 Why" }, { key = "detail", heading = "详情 Detail" },
  { key = "left", heading = "剩余时间 Left" }, { key = "title", heading = "商品 Title" },
} })

return { stuck = #stuck, sent = sent }
