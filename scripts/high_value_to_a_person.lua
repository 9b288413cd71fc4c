-- 高额与异常转人工。Gives to a person what no rule should settle alone: high amounts, second refusals, matters of law, brands
-- or safety, sellers on the watch list, customers who are flagged.
--
-- 每单附建议的下一步、负责人和时限。Each is handed over once for its reason, with what is proposed, who has it, and until when:
-- `answer_within`, or the marketplace's deadline where that comes first. Words are looked for in the reason, in what
-- was written with it, and in the refusal; they are data, and sort, no more.
--
-- It writes nothing, and it cannot hold an order: that all automation stops on it is for the person who takes it,
-- with `ebb hold ID`, and until then the other playbooks' own limits stand. Only 1688 says how often a refund was
-- refused. On Taobao refusals are counted as this playbook sees them: one more where a refused order has another
-- deadline. 填写 channel 后，转人工的同时发到群里，同一原因只发一次：the `channel` hears of each once for its reason.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local notify     = require "ebb.notify"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "high_value_to_a_person", title = "High value to a person · 高额与异常转人工",
  params = {
    amount        = { type = "money", default = "1000 CNY", help = "this much or more goes to a person" },
    refusals      = { type = "integer", default = 2, min = 1, help = "refused so often goes to a person" },
    words         = { type = "list",
                      default = "律师,起诉,法院,12315,侵权,假货,商标,专利,受伤,起火,爆炸,漏电,过敏,中毒",
                      help = "words of law, brands, and safety" },
    sellers       = { type = "list", help = "sellers to watch, by name" },
    orders        = { type = "list", help = "orders of flagged customers: purchase or sales order ids" },
    assignee      = { type = "text", default = "值班主管", help = "who has what no one else was named for" },
    answer_within = { type = "duration", default = "12h", help = "how long a person may take" },
    markets       = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                      help = "where to look" },
    channel       = { type = "text", help = "the channel that is told; nobody where left out" },
  },
  guards = { writes = {} },
  schedule = { every = "30m" },
  on = { "taobao.events.refundChanged", "alibaba.events.refundChanged" },
}

local watched, flagged = list.set(p.sellers or {}), list.set(p.orders or {})

-- What is proposed, by state: a person decides.
local proposals = {
  waiting_seller = "wait for the seller, or write",
  refused = "answer the refusal with evidence, or call in the platform",
  waiting_return = "send it back in time", waiting_receipt = "prove that it arrived",
  refunding = "wait for the money", unknown = "look at it on the marketplace",
}

-- How often it was refused, as far as that is known.
local function refusals_of(refund)
  if refund.rejections then return refund.rejections end
  local key = "refusals:" .. refund.id
  local seen = state.get(key)
  if refund.state ~= "refused" then return seen and seen.times or 0 end
  local deadline = refund.deadline or 0
  if seen and math.abs(seen.deadline - deadline) <= 10 * time.minute then return seen.times end
  seen = { deadline = deadline, times = (seen and seen.times or 0) + 1 }
  state.set(key, seen)
  return seen.times
end

local function words_of(refund)
  local aggregate = refund.raw.refundOrderAggregate or {}
  local order = aggregate.refundOrder or refund.raw
  local said = { order.reasonDesc or "", order.refundDesc or "", order.applyReason or "", refund.refusal or "" }
  return text.contains_any(table.concat(said, " "), p.words)
end

local function is_flagged(refund)
  local line = (refund.raw.refundOrderAggregate or {}).purchaseOrderLine or {}
  return flagged.has(refund.order_id or "") or flagged.has(tostring(line.salesOrderId or ""))
end

-- Why a person has it, the weightiest first; all of it is the detail.
local function reasons_of(refund)
  local reasons = {}
  local function add(reason, detail) reasons[#reasons + 1] = { reason = reason, detail = detail } end
  local word = words_of(refund)
  if word then add("it is about law, a brand, or safety", word) end
  local times = refusals_of(refund)
  if times >= p.refusals then add("it was refused again", "refused " .. times .. " times") end
  if not refund.amount then
    add("its amount is unreadable", "amount unreadable")
  elseif refund.amount.currency ~= p.amount.currency then
    add("its currency is another", tostring(refund.amount))
  elseif refund.amount >= p.amount then
    add("its amount is high", tostring(refund.amount))
  end
  if refund.supplier and watched.has(refund.supplier) then add("its seller is on the watch list", refund.supplier) end
  if is_flagged(refund) then add("its customer is flagged", refund.order_id) end
  if refund.state == "unknown" then add("its status is new to us", refund.status) end
  return reasons
end

local news = notify.news(p.channel)

local cases = {}

local function judge(refund)
  if aftersales.is_open(refund) == false then
    state.delete("refusals:" .. refund.id)
    return keep(refund, "it is over", refund.state)
  end
  local reasons = reasons_of(refund)
  if #reasons == 0 then return keep(refund, "rules may settle it", refund.state) end
  local within = math.min(p.answer_within, refund.time_left or p.answer_within)
  local details = list.map(reasons, function(each) return each.detail or each.reason end)
  cases[#cases + 1] = {
    refund = refund.id, why = reasons[1].reason, detail = table.concat(details, "; "), who = p.assignee,
    answer_in = time.describe(math.max(0, within)), proposed = proposals[refund.state] or "look at it",
    amount = refund.amount and tostring(refund.amount) or "?", seller = refund.supplier, title = refund.title,
    says = refund.refusal,
  }
  news.add(refund, reasons[1].reason)
  hand_over(refund, reasons[1].reason, table.concat(details, "; "))
end

local function all_open()
  local found = list.set {}
  for _, market in ipairs(p.markets) do
    if market == "taobao" then
      for _, status in ipairs { 10, 20, 30, 90, -10 } do
        each(pages(taobao.refunds.list, { refundStatus = status }), function(row)
          found.add(aftersales.refund(row).id)
        end)
      end
    else
      for _, status in ipairs { "waitselleragree", "waitbuyermodify", "waitbuyersend", "waitsellerreceive" } do
        for _, order in ipairs(pages(alibaba.orders.list, { refundStatus = status })) do
          for _, line in ipairs(order.productItems or {}) do
            for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
              if id ~= "" then found.add(tostring(id)) end
            end
          end
        end
      end
    end
  end
  -- What was refused before and is no longer listed is looked at once more.
  for _, key in ipairs(state.keys "refusals:") do found.add(key:sub(10)) end
  return found.values()
end

each(event and { event } or all_open(), function(item) judge(aftersales.reread(item)) end)

report("For a person · 待人工处理", cases, {
  columns = {
    { key = "refund", heading = "逆向单号 Refund" }, { key = "why", heading = "原因 Why" },
    { key = "detail", heading = "详情 Detail" }, { key = "who", heading = "负责人 Who" },
    { key = "answer_in", heading = "处理时限 Answer in" }, { key = "proposed", heading = "建议 Proposed" },
    { key = "amount", heading = "金额 Amount" }, { key = "seller", heading = "卖家 Seller" },
    { key = "title", heading = "商品 Title" }, { key = "says", heading = "卖家原话 Says" },
  },
  totals = { "amount" },
})

-- What started by an event looked at one refund only.
news.send("For a person · 待人工处理", event ~= nil)

return { for_a_person = #cases }
