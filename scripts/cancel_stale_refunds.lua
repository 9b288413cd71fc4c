-- 撤销超期逆向单。Cancels Taobao reverse orders that stayed open too long.
--
-- What is cancelled is never paid back, so it keeps whatever may still end well: goods on their way back, claims that
-- the seller's silence is about to grant, and orders whose deadline it cannot read. Every order is read again just
-- before it is cancelled, because lists lag. What it gives up is limited by count and by money, and what it kept is
-- listed with the reason.
local aftersales = require "ebb.aftersales"
local money      = require "ebb.money"
local pages      = require "ebb.pages"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "cancel_stale_refunds", title = "Cancel stale reverse orders · 撤销超期逆向单",
  params = {
    stale_after = { type = "duration", default = "7d",        help = "open for longer than this is stale" },
    favourable  = { type = "duration", default = "24h",       help = "keep what the seller's silence grants within this" },
    limit       = { type = "integer",  default = 200, min = 0, help = "cancels in one run; the rest waits for the next" },
    max_amount  = { type = "money",    default = "20000 CNY", help = "refunds given up in one run" },
  },
  guards = {
    writes           = { "taobao.refunds.cancel" },
    max_writes       = { run = 500, day = 500 },
    max_amount       = { run = "50000 CNY", day = "50000 CNY" },
    require_approval = { amount = "1000 CNY" },
    stop_after       = 3,
  },
  schedule = { cron = "30 9 * * *", zone = "Asia/Shanghai" },
}

local cancellable = { waiting_seller = true, waiting_return = true, refused = true }

local function reason_to_keep(refund)
  if refund.state == "unknown" then return "its status is new to us", refund.status end
  if not cancellable[refund.state] then return "its state does not allow it", refund.state end
  if refund.waybill then return "the goods are on their way back", refund.waybill end
  -- Two currencies do not add up: what is given up has to be counted.
  if not refund.amount or refund.amount.currency ~= p.max_amount.currency then
    return "its amount is unreadable, or of another currency", refund.amount and tostring(refund.amount)
  end
  if refund.state == "waiting_seller" and not (refund.time_left and refund.time_left > p.favourable) then
    return "silence grants it soon, or its deadline is unreadable",
      refund.time_left and time.left(refund.time_left)
  end
end

local cancelled, given_up = 0, money.new(0, p.max_amount.currency)

each(pages(taobao.refunds.list, { refundEndTime = now() - p.stale_after }), function(row)
  local refund = aftersales.reread(row)
  local why, detail = reason_to_keep(refund)
  if why then return keep(refund, why, detail) end
  if cancelled >= p.limit or given_up + refund.amount > p.max_amount then
    return keep(refund, "over this run's limit")
  end
  local answer, code = act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
  -- What waits for a person, or for news of its outcome, may still be given up.
  if answer or code == "held" or code == "in_doubt" then
    cancelled, given_up = cancelled + 1, given_up + refund.amount
  end
end)
