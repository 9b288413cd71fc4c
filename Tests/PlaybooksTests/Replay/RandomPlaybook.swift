/// A random playbook: branches in branches, errors that are caught, waits, reads, writes and decisions.
struct RandomPlaybook {
  /// What the program may do.
  struct Traits {
    /// Branches change a variable that others read, and an error in one stops those beside it: the order of answers
    /// then decides what happens.
    var isShared: Bool
  }

  private let traits: Traits
  private var random: Seeded
  private var sites = 0
  private var budget: Int

  /// The text of the program of that seed.
  static func source(seed: UInt64, traits: Traits) -> String {
    var maker = RandomPlaybook(seed: seed, traits: traits)
    let stop = traits.isShared ? ", stop_after = \(Int.random(in: 2...4, using: &maker.random))" : ""
    return """
      playbook { ebb = 1, guards = { max_writes = { run = 10000 }\(stop) } }
      local shared, start = 0, now()
      local p, out = "m", {}
      \(maker.block(depth: 0, indent: "", inBranch: false))
      return { out, shared }
      """
  }

  private init(seed: UInt64, traits: Traits) {
    random = Seeded(state: seed &* 0x9E37_79B9)
    self.traits = traits
    budget = 14
  }

  private mutating func site() -> Int {
    sites += 1
    return sites
  }

  private mutating func block(depth: Int, indent: String, inBranch: Bool) -> String {
    let count = Int.random(in: depth == 0 ? 4...7 : 1...3, using: &random)
    var lines: [String] = []
    for _ in 0..<count { lines.append(statement(depth: depth, indent: indent, inBranch: inBranch)) }
    return lines.joined(separator: "\n\(indent)")
  }

  private mutating func statement(depth: Int, indent: String, inBranch: Bool) -> String {
    budget -= 1
    let number = site()
    let kinds = depth < 3 && budget > 0 ? 14 : 9
    switch Int.random(in: 0..<kinds, using: &random) {
    case 0, 1, 2:
      return "out[#out + 1] = taobao.refunds.get(p .. '-r\(number)').refundOrderAggregate.refundOrder.refundId"
    case 3:
      return "do local _, e = pcall(taobao.refunds.get, p .. '-bad\(number)') out[#out + 1] = e.code end"
    case 4: return "act(p .. '-w\(number)', 'reason \(number)', taobao.refunds.cancel, p .. '-w\(number)')"
    case 5: return "keep(p .. '-k\(number)', 'reason', #out)"
    case 6: return "log('l\(number)', { count = #out }) out[#out + 1] = math.random(1000)"
    case 7:
      // In the other programs a wait beside other branches would make the clock decide.
      guard !traits.isShared || !inBranch else { return "out[#out + 1] = \(number)" }
      return "wait_until(start + \(Int.random(in: 1...40, using: &random) * 400 + number))"
    case 8:
      guard traits.isShared else { return "out[#out + 1] = p" }
      return "shared = shared + \(number) out[#out + 1] = shared"
    case 9, 10: return parallel(number, depth, indent)
    case 11, 12: return each(number, depth, indent)
    default:
      let inner = indent + "  "
      let body = block(depth: depth + 1, indent: inner, inBranch: inBranch)
      return "for i = 1, 2 do\n\(inner)local p = p .. '_\(number)i' .. i\n\(inner)\(body)\n\(indent)end"
    }
  }

  private mutating func parallel(_ number: Int, _ depth: Int, _ indent: String) -> String {
    let inner = indent + "    "
    var branches: [String] = []
    for branch in 1...Int.random(in: 2...3, using: &random) {
      var body = block(depth: depth + 1, indent: inner, inBranch: true)
      if traits.isShared, Int.random(in: 0..<4, using: &random) == 0 {
        body += "\n\(inner)if #out % 2 == 0 then error({ code = 'own', message = 'own \(number)' }) end"
      }
      branches.append(
        "\(indent)  function()\n\(inner)local p, out = p .. '/\(number)b\(branch)', {}\n\(inner)\(body)\n\(inner)return out\n\(indent)  end,"
      )
    }
    return """
      do
      \(indent)  local ok, a, b, c = pcall(parallel, {
      \(branches.joined(separator: "\n"))
      \(indent)  })
      \(indent)  out[#out + 1] = ok and { a, b, c } or { a.branch, a.code }
      \(indent)end
      """
  }

  private mutating func each(_ number: Int, _ depth: Int, _ indent: String) -> String {
    let inner = indent + "  "
    let concurrency = Int.random(in: 1...3, using: &random)
    var body = block(depth: depth + 1, indent: inner, inBranch: true)
    if Int.random(in: 0..<2, using: &random) == 0 { body += "\n\(inner)taobao.refunds.get(p .. '-bad\(number)x')" }
    return """
      each({ 'a', 'b', 'c' }, { concurrency = \(concurrency) }, function(item)
      \(inner)local p, out = p .. '.\(number)' .. item, {}
      \(inner)\(body)
      \(inner)keep(p, 'done', #out)
      \(indent)end)
      """
  }
}
