-- NAME: say here what it does, and why.
--
-- It looks at every open reverse order and keeps them all. Change `judge`; `ebb test` says whether it still does what its
-- tests expect.
local aftersales = require "ebb.aftersales"
local pages      = require "ebb.pages"

local p = playbook {
  ebb = 1, name = "NAME", title = "NAME",
  params = {
    urgent = { type = "duration", default = "24h", help = "hand over what has less time left than this" },
  },
  -- What it may write: nothing yet. `ebb api list` shows what there is.
  guards = { writes = {} },
}

local function judge(refund)
  if refund.who ~= "us" then return keep(refund, "it is not our turn", refund.status) end
  if refund.time_left and refund.time_left > p.urgent then return keep(refund, "there is time left") end
  hand_over(refund, "it is our turn, and its time runs out")
end

each(pages(taobao.refunds.list, {}), function(row)
  judge(aftersales.reread(row))
end)
