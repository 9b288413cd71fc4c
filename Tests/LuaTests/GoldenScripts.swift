/// Lua that calls the library with generated arguments and returns what came of it, a line each: the same under any Lua 5.4.
enum GoldenScripts {
  static let all: [(name: String, body: String)] = [
    ("patterns", patterns), ("format", format), ("strings", strings), ("tables", tables), ("metamethods", metamethods),
    ("dates", dates), ("numbers", numbers),
  ]

  static func source(_ body: String, seed: Int) -> String { "local seed = \(seed)\n" + prelude + body + "\n" + ending }

  private static let prelude = #"""
    local out = {}
    local function show(v)
      if type(v) == 'string' then return (string.format('%q', v):gsub('[\128-\255]', function(c) return '\\' .. c:byte() end)) end
      if math.type(v) then return string.format('%q', v) end
      if type(v) ~= 'table' then return tostring(v) end
      local r = {}
      for i = 1, #v do r[i] = show(v[i]) end
      return '{' .. table.concat(r, ',') .. '}'
    end
    -- Who is blamed, and where, differs between a script and a host's chunk; the number in "bad argument" is Lua's own slip.
    local function plain(message)
      message = message:gsub("^[^ ]+:%d+: ", ''):gsub(" to '[^']*'", ''):gsub('bad argument #%-?%d+', 'bad argument')
      return (message:gsub('^invalid conversion.*', 'invalid conversion'))
    end
    local function try(name, f, ...)
      local r = table.pack(pcall(f, ...))
      if not r[1] and type(r[2]) == 'string' then r[2] = plain(r[2]) end
      for i = 1, r.n do r[i] = show(r[i]) end
      out[#out + 1] = name .. ' ' .. table.concat(r, ' ', 1, r.n)
    end
    local function draw(n) seed = (seed * 1103515245 + 12345) % 2147483648 return (seed >> 8) % n + 1 end
    local function text(parts, most) local r = {} for i = 1, draw(most) do r[i] = parts[draw(#parts)] end return table.concat(r) end
    local pool = {
      0, -0.0, 1, -1, 1.5, 1e100, -1e-10, 0.1, math.huge, -math.huge, 0/0, math.maxinteger, math.mininteger, 2^53, 255, '12', '0x10',
      ' 7 ', 'abc', '', 'a\0b', 'x\ny"\\\r\0012', true, false, 1e15, 123456789012, 3.0, -7.25,
    }
    local function any() return pool[draw(#pool + 1)] end
    local function list() local t = {} for i = 1, draw(8) - 1 do t[i] = draw(100) end return t end

    """#

  private static let ending = "return table.concat(out, '\\n')\n"

  private static let patterns = #"""
    local items = {
      'a', 'b', 'c', 'ab', ' ', '1', '_', '%', '(', ')', '[', ']', '-', '^', '$', '.', '*', '+', '?', '%a', '%d', '%s', '%w', '%x', '%p',
      '%l', '%u', '%c', '%g', '%z', '%A', '%S', '%1', '%2', '%0', '%b', '%f', '[a-c]', '[^a]', '[%a_]', '(a)', '()', '%bab', '%f[%w]',
      '[]', '[^]', '[a-]', '[]a]', 'é', '\0', '.-', '.*', 'a-', '%s*', '[a%-z]', '[+--]', '%%', '(.)%1',
    }
    local letters = { 'a', 'b', 'c', ' ', '1', '_', 'A', 'Z', '.', '-', '(', ')', '[', ']', '\n', '\0', 'é', '%', 'x' }
    for i = 1, 700 do
      local s, p, from = text(letters, 12), text(items, 5), draw(20) - 8
      local name = i .. ' ' .. show(s) .. ' ' .. show(p)
      try('find ' .. name, string.find, s, p, from)
      try('match', string.match, s, p)
      try('gsub', string.gsub, s, p, text({ 'a', '%0', '%1', '%2', '%%', 'x', '%', ' ' }, 3), draw(3) == 1 and draw(4) or nil)
      try('gmatch', function()
        local r, last = {}, draw(3) == 1 and from or nil
        for a, b in string.gmatch(s, p, last) do r[#r + 1] = { a, b } end
        return r
      end)
      try('gsub function', string.gsub, s, p, function(a, b) return b or (a == 'a' and 'Q') end)
      try('gsub table', string.gsub, s, p, { a = '1', b = true and 'B', [' '] = false, c = 12, A = {} })
      try('plain', string.find, s, p, from, true)
    end
    """#

  private static let format = #"""
    local forms = {
      '%d', '%5d', '%-5d', '%05d', '%+d', '% d', '%i', '%u', '%c', '%x', '%X', '%#x', '%o', '%e', '%E', '%.3f', '%f', '%10.2f', '%g', '%G',
      '%a', '%s', '%10s', '%-10s', '%.3s', '%q', '%%', '%', '%5', '%y', '%.20f', '%99d', '%100d', '%.99f', '%-+5.1f', '%#o', '%lld', '%05s',
      '%ld', '%5c', '%5q', '%.0f', '%+.3d', '%5.3d', 'abc', '%F', '%-#x', '%0-5d', '%....d', '%.d', '%1$d',
    }
    for i = 1, 2500 do
      local f = text(forms, 3)
      try('format ' .. f, string.format, f, any(), any(), any())
    end
    """#

  private static let strings = #"""
    for i = 1, 600 do
      local s = text({ 'ab', 'Z', 'é', '\0', '1' }, 5)
      try('rep', string.rep, s, draw(6) - 2, draw(2) == 1 and ',' or nil)
      try('parts', function() return s:lower(), s:upper(), s:reverse(), s:len(), s:byte(-1), s:sub(draw(5) - 3, draw(5)), #s end)
      try('add', function() local a, b = any(), any() return a + b end)
      try('arithmetic', function() local a, b = '10', any() return a * b, a - b, a // b, a % b, -a, a ^ 2, a / b end)
      try('tonumber', tonumber, any())
      try('tonumber', tonumber, tostring(any()), draw(40))
      try('tostring', tostring, any())
      try('pack', function() return string.unpack('<i4z', string.pack('<i4z', draw(1000), 'x')) end)
      try('utf8', utf8.len, s)
      try('utf8', function() local r = {} for p, c in utf8.codes(s) do r[#r + 1] = p r[#r + 1] = c end return r end)
      try('utf8', utf8.offset, s, draw(4) - 2)
    end
    """#

  private static let tables = #"""
    for i = 1, 600 do
      local t = list()
      try('insert', function(...) local r = table.pack(table.insert(t, ...)) return t, r end, draw(10) - 1, 'x')
      try('insert', function(...) table.insert(t, ...) return t end, draw(10))
      try('insert', table.insert, t)
      try('insert', table.insert, t, 1, 2, 3)
      try('insert', table.insert, 5, 1)
      try('insert', table.insert, t, any(), 3)
      try('remove', function(...) return table.remove(t, ...), t end, draw(10) - 2)
      try('remove', function() return table.remove(t), t end)
      try('remove', function() return table.remove(t, nil), t end)
      try('remove', function() return table.remove({}, draw(4) - 2) end)
      try('move', function(...) return table.move(t, ...) end, draw(9) - 3, draw(9) - 3, draw(9) - 3)
      try('move', function(...) return table.move(t, ...) end, draw(9) - 3, draw(9) - 3, draw(9) - 3, { 9, 9, 9 })
      try('move', table.move, t, -1, math.maxinteger, 5)
      try('move', table.move, t, 1, 3, math.maxinteger - 1)
      try('concat', table.concat, list(), draw(2) == 1 and '-' or nil, draw(5) - 1, draw(2) == 1 and draw(8) - 1 or nil)
      try('concat', table.concat, { 1, 2.5, 'x', {}, true })
      try('unpack', table.unpack, list(), draw(5) - 2, draw(9) - 2)
      try('unpack', table.unpack, { 1, 2 }, any(), any())
      try('pack', function() return table.pack(1, nil, 3).n end)
      local u = list() table.sort(u) try('sort', function() return u end)
      local u = list() table.sort(u, function(a, b) return a > b end) try('sort', function() return u end)
      try('select', select, draw(6) - 3, 'a', 'b', 'c')
    end
    try('sort', table.sort, { 1, 'x', 2 })
    try('sort', table.sort, { 1, 2 }, 3)
    try('sort', table.sort, { {}, {} })
    try('sort', function() local t = { 'b', 'a', '\0', 'a\0', '' } table.sort(t) return t end)
    """#

  private static let metamethods = #"""
    local function proxy(t) return setmetatable({}, { __index = t, __newindex = t, __len = function() return #t end }) end
    local base = { 5, 3, 1, 4 }
    local p = proxy(base)
    try('insert', function() table.insert(p, 9) table.insert(p, 2, 7) return base end)
    try('remove', function() return table.remove(p, 1), table.remove(p), base end)
    try('concat', function() return table.concat(p, ','), table.unpack(p) end)
    try('sort', function() table.sort(p) return base end)
    try('sort', function() table.sort(p, function(a, b) return a > b end) return base end)
    try('move', function() table.move(p, 1, 3, 2) return base end)
    try('move', function() return table.move(p, 1, 3, 2, {}) end)
    try('insert', function() table.insert(p, 99, 1) end)
    try('remove', function() table.remove(p, 99) end)
    try('concat', function() return table.concat(proxy { 1, {} }) end)
    try('unpack', function() return table.unpack(p, 2, 3) end)
    try('unpack', function() return table.unpack(p, 1, 1e8) end)
    try('length', function() return table.concat(setmetatable({}, { __len = function() return 'x' end })) end)
    try('setmetatable', setmetatable, {}, 1)
    try('setmetatable', setmetatable, 1, {})
    try('setmetatable', setmetatable, setmetatable({}, { __metatable = 1 }), {})
    try('getmetatable', getmetatable, setmetatable({}, { __metatable = 'p' }))
    try('ipairs', function()
      local r = {}
      for i, v in ipairs(setmetatable({ 1, 2 }, { __index = function(_, k) if k < 6 then return k * 10 end end })) do r[i] = v end
      return r
    end)
    try('pairs', function()
      local t = setmetatable({}, { __pairs = function(t) return function(_, k) if not k then return 1, 2 end end, t, nil end })
      local r = {}
      for k, v in pairs(t) do r[k] = v end
      return r
    end)
    local function named(v) return setmetatable({}, { __tostring = function() return v end }) end
    try('tostring', tostring, named 'hello')
    try('tostring', tostring, named {})
    try('tostring', tostring, named(12))
    try('format', string.format, '%s %10s|%-5s|%.2s', named 'hello', named 'abc', nil, true)
    try('format', string.format, '%s')
    try('format', string.format, '%s', named {})
    """#

  private static let dates = #"""
    for _, form in ipairs {
      '!%c', '!%x', '!%X', '!%p', '!%Y-%m-%d %H:%M:%S', '!%j %U %w %W %V %G %g %u %e %D %F %T %R %r %n%t%%', '!%a %A %b %B %h %y %C',
      '!%Ey %Od', '!%Q', '!%E', '!%Ez', '!%', '!%5', '!*t', '%Y-%m-%d %H', '*t',
    } do
      for _, at in ipairs { 0, 1, -1, 86399, 951782400, 1700000000, 4102444800, -2208988800, 253402300800, -62135596801, 68169600 } do
        try('date ' .. form, function()
          local d = os.date(form, at)
          if type(d) == 'table' then return d.year, d.month, d.day, d.hour, d.min, d.sec, d.wday, d.yday, d.isdst end
          return d
        end)
      end
    end
    for i = 1, 500 do
      local t = {
        year = 1970 + draw(300) - 150, month = draw(30) - 10, day = draw(80) - 40, hour = draw(60) - 30, min = draw(200) - 100,
        sec = draw(200) - 100,
      }
      try('time', function() return os.time(t), t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday end)
    end
    try('time', os.time, { year = 2000 })
    try('time', os.time, { year = 2000, month = 'x', day = 1 })
    try('time', os.time, { year = 2000, month = 1.5, day = 1 })
    try('time', os.time, { year = '2000', month = '1', day = 1.0 })
    try('date', os.date, '!%Y', 'x')
    try('date', os.date, '!%Y', math.maxinteger)
    """#

  private static let numbers = #"""
    for _, v in ipairs(pool) do
      try('math', function() return math.floor(v), math.ceil(v), math.tointeger(v), math.type(v), math.abs(v) end)
    end
    try('math', function() return math.max(1, 2.5), math.min(3, -1), math.fmod(7, 3), math.ult(1, -1), math.pi, math.modf(2.5) end)
    """#
}
