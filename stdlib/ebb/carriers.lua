--- The carriers of China, by whatever name a warehouse has for them: what `aftersales.carrier` knows.
local text = require "ebb.text"
local wire = require "ebb.wire"

---@class ebb.carriers
local carriers = {}

--- What people call the carriers of China, by a stem of ours; codes of both marketplaces among them.
local spellings_of = {
  { "顺丰", "sf", "shunfeng", "sfexpress" }, { "圆通", "yto", "yuantong" }, { "中通", "zto", "zhongtong" },
  { "申通", "sto", "shentong" }, { "韵达", "yunda", "yd" }, { "极兔", "jt", "jtsd", "jitu", "j&t", "jtexpress" },
  { "百世", "汇通", "百世汇通", "htky", "best", "huitong", "baishi" }, { "京东", "jd", "jingdong", "jdl" },
  { "德邦", "dbl", "deppon", "debang", "dbkd" }, { "邮政", "中国邮政", "邮政包裹", "chinapost", "youzheng", "post", "postb" },
  { "ems" , "邮政ems", "邮政特快专递" }, { "天天", "tiantian", "hhtt", "ttkdex" }, { "丹鸟", "danniao", "dn" },
  { "优速", "uc", "youshu", "yousu" }, { "宅急送", "zjs", "zhaijisong" },
}

local suffixes = { "快递", "速递", "速运", "快运", "物流", "快件", "有限公司", "股份", "集团", "公司", "express", "logistics" }

local function bare(name)
  local stem = text.squeeze(name):lower():gsub("[%s._%-()]", ""):gsub("（", ""):gsub("）", "")
  local changed
  repeat
    changed = false
    for _, suffix in ipairs(suffixes) do
      if #stem > #suffix and stem:sub(-#suffix) == suffix then stem, changed = stem:sub(1, -#suffix - 1), true end
    end
  until not changed
  return stem
end

local stems

local function stem_of(name)
  if not stems then
    stems = {}
    for _, spellings in ipairs(spellings_of) do
      for _, spelling in ipairs(spellings) do stems[spelling] = spellings[1] end
    end
  end
  local own = bare(name)
  return stems[own] or own
end

local function offered(rendered)
  if type(rendered) ~= "table" then return {} end
  local rows = rendered.logisticsCompanies or rendered.result or rendered.data or rendered
  local list = {}
  for index = 1, #rows do
    local row = rows[index]
    local code = wire.first(row.logisticCompanyCode, row.logisticsCompanyCode, row.companyNo)
    if code then list[#list + 1] = { code = code, name = wire.first(row.logisticsCompanyName, row.companyName) or code } end
  end
  return list
end

--- The code of a carrier that the marketplace offers: `rendered` is what `taobao.refunds.renderReturn` or
--- `alibaba.refunds.logisticsCompanies` answered, `name` what the warehouse calls it, a code or a name in any usual
--- spelling (`顺丰`, `顺丰速运`, `SF`). Nothing is guessed: nil, and the names on offer, where no carrier or more than one
--- fits.
---@param rendered table
---@param name string
---@return string? code, string name_or_offer
function carriers.code(rendered, name)
  local list = offered(rendered)
  local wanted = text.trim(tostring(name))
  local tests = {
    function(one) return one.code:lower() == wanted:lower() end,
    function(one) return one.name == wanted end,
    function(one)
      local stem = stem_of(wanted)
      return stem ~= "" and (stem_of(one.name) == stem or stem_of(one.code) == stem)
    end,
  }
  for _, test in ipairs(tests) do
    local found
    for _, one in ipairs(list) do
      if test(one) then
        if found and found.code ~= one.code then found = nil break end
        found = one
      end
    end
    if found then return found.code, found.name end
  end
  local known = {}
  for index, one in ipairs(list) do known[index] = one.name end
  return nil, table.concat(known, ", ")
end

return carriers
