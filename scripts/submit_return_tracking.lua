-- 回填退货运单号。Files the waybills of the warehouse's sheet, so that no agreed return lapses.
--
-- 卖家同意退货后，逾期不填运单号即视为放弃退款。An agreed return whose waybill is not filed in time is closed without a
-- refund. The sheet has one row for each parcel that went back: 逆向单号, 快递公司, 运单号, 寄件手机. Every refund is read
-- again first. It files once, and what it cannot be sure of goes to a person: a waybill that another refund has, a carrier
-- that the marketplace does not offer, a return address that is no longer the one that was there first. That address is
-- remembered when a refund is first seen to wait for its return, since it may not be readable later.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local state      = require "ebb.state"

local p = playbook {
  ebb = 1, name = "submit_return_tracking", title = "Submit return tracking · 回填退货运单号",
  params = {
    returns = { type = "rows", default = "@inbox/returns.csv", help = "the warehouse's sheet", columns = {
      id      = { type = "id",      heading = { "逆向单号", "退款单号" } },
      carrier = { type = "text",    heading = { "快递公司", "物流公司" } },
      waybill = { type = "waybill", heading = { "运单号", "快递单号" } },
      phone   = { type = "phone",   heading = { "寄件手机", "寄件电话" } },
    } },
  },
  guards = {
    writes     = { "taobao.refunds.submitReturn" },
    max_writes = { run = 200, day = 500 },
    stop_after = 3,
  },
  schedule = { every = "30m" },
}

--- What changed in the return address since it was first seen; remembers it the first time.
local function address_changes(refund, rendered)
  local key = "address:" .. refund.id
  local address = aftersales.address(rendered) or aftersales.address(refund)
  local first = state.get(key)
  if first == nil and address then state.set(key, address) end
  return table.concat(aftersales.address_changes(first, address), ", ")
end

local function file(refund, row)
  if refund.market ~= "taobao" then return hand_over(refund, "this playbook files on Taobao only", refund.market) end
  if refund.waybill and refund.waybill:upper() == row.waybill then return keep(refund, "filed already", row.waybill) end
  if refund.waybill then return hand_over(refund, "the marketplace holds another waybill", refund.waybill) end
  if refund.state ~= "waiting_return" then return keep(refund, "no return is due", refund.status) end

  local owner = state.claim("waybill", row.waybill, refund.id)
  if owner ~= refund.id then return hand_over(refund, "another refund has this waybill", owner) end

  local rendered = taobao.refunds.renderReturn(refund.id)
  local changes = address_changes(refund, rendered)
  if changes ~= "" then return hand_over(refund, "the return address changed", changes) end
  local carrier, offer = aftersales.carrier(rendered, row.carrier)
  if not carrier then
    return hand_over(refund, "the marketplace does not offer this carrier", row.carrier .. "; it offers " .. offer)
  end

  act(refund, "the warehouse sent it back", taobao.refunds.submitReturn, {
    refundId = refund.id, logisticsNo = row.waybill, logisticsCompanyCode = carrier, buyerPhone = row.phone,
  })
end

local function parcels(group) return { id = group.key, rows = group.items } end

each(list.map(list.group(p.returns, "id"), parcels), function(parcel)
  local refund = aftersales.reread(parcel.id)
  local rows = list.unique(parcel.rows, "waybill")
  if #rows > 1 then
    local waybills = list.map(rows, function(row) return row.waybill end)
    return hand_over(refund, "the sheet has more than one waybill for it", table.concat(waybills, ", "))
  end
  file(refund, rows[1])
end)
