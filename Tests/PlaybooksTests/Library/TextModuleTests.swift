import JSON
import Testing

@testable import Playbooks

@Suite struct TextModuleTests {
  private static let prelude = "local text, money, ebb = require 'ebb.text', require 'ebb.money', require 'ebb' return "

  @Test(
    arguments: [
      ("text.fill('请处理{id}', { id = '110' })", "请处理110"), ("text.fill('{ id }', { id = 7 })", "7"),
      ("text.fill('{{{id}}}', { id = 7 })", "{7}"), ("text.fill('没有', {})", "没有"),
      ("text.fill('{a}{b}', { a = '{b}', b = 'x' })", "{b}x"), ("text.fill('{x}', { x = 1.5 })", "1.5"),
      ("text.fill('{x}', { x = true })", "true"), ("text.fill('{x}', { x = 2.0 })", "2"),
      ("text.fill('{r.amount}', { r = { amount = money.cny(-5) } }, 'zh')", "-0.05元"),
      ("text.fill('{m}', { m = money.new(500, 'USD') }, 'zh')", "5.00 USD"),
      ("text.fill({ zh = '好{id}' }, { id = 1 })", "好1"), ("text.fill({ zh = '好', en = 'fine' }, {}, 'en')", "fine"),
      ("(text.cut('请尽快', { bytes = 9 }))", "请尽快"), ("(text.cut('请尽快处', { bytes = 11 }))", "请尽…"),
      ("(text.cut('请尽快', { bytes = 8, mark = '' }))", "请尽"), ("(text.cut('请尽快', { bytes = 2 }))", ""),
      ("(text.cut('请尽快', { bytes = 0 }))", ""), ("(text.cut('a请', { bytes = 3, mark = '' }))", "a"),
      ("(text.cut('😀😀', { bytes = 7, mark = '' }))", "😀"), ("(text.cut('请尽快', { characters = 2 }))", "请…"),
      ("(text.cut('请尽快', { characters = 3 }))", "请尽快"), ("{ text.cut('abcd', { characters = 3 }) }", ["ab…", true]),
      ("{ text.cut('', { bytes = 0 }) }", ["", false]), ("#text.cut(('请'):rep(200), { bytes = 400 })", 399),
      ("text.characters '退款😀a'", 4), ("text.characters '\\xFFa\\xC3'", 3), ("text.characters ''", 0),
      ("text.trim ' \\u{3000}\\u{00A0}退 款\\u{FEFF}\\n'", "退 款"), ("text.trim '　'", ""),
      ("text.trim '\\u{3001}a'", "、a"),
      ("text.squeeze '　a \\n\\u{00A0} b　'", "a b"), ("text.squeeze ''", ""),
      ("text.contains_any('Refund REFUSED', { '拒绝', 'refused' })", "refused"),
      ("text.contains_any('好', {}) == nil", true),
      ("text.contains_any('100%.', { '%.' })", "%."), ("text.contains_any('好', { '' }) == nil", true),
      ("text.mask_phone '138-0013-8000'", "138-****-8000"), ("text.mask_phone '88888888'", "88****88"),
      ("text.mask_phone '12345'", "*****"), ("text.mask_phone '转801'", "转***"),
      ("text.mask_address '河南省张掖市西城区1号'", "河南省张掖市西城区****"), ("text.mask_address '文三路十二号院二单元'", "文三路十二号****"),
      ("text.mask_address '三号'", "三****"), ("text.mask_address ''", ""), ("text.mask_name '王'", "王**"),
      ("text.mask_name ''", ""),
    ] as [(String, JSON)])
  func values(_ expression: String, _ value: JSON) async throws {
    #expect(try await Stage().result(Self.prelude + expression) == value)
  }

  @Test(arguments: [
    ("text.fill('{id}', {})", "{id} has no value; a text must not go out with a gap"),
    ("text.fill('{id}', { id = ebb.null })", "{id} has no value"),
    ("text.fill('{r.id}', { r = 5 })", "{r.id} has no value"),
    ("text.fill('{id}', { id = {} })", "{id} is a table, which has no text"),
    ("text.fill('a{', {})", "a brace at byte 2 is no placeholder"), ("text.fill('}', {})", "a brace at byte 1"),
    ("text.fill('{单号}', {})", "a brace at byte 1 is no placeholder"),
    ("text.fill({ zh = 'a', en = 'b' }, {})", "the template is in en, zh: argument 3 says which"),
    ("text.fill({ zh = 'a' }, {}, 'ko')", "the template is not in ko, only in zh"),
    ("text.fill(5, {})", "argument 1 must be a text, or { zh = …, en = … }"),
    ("text.fill('a')", "argument 2 must be a table of values"),
    ("text.cut('a', 5)", "argument 2 must be { bytes = … } or { characters = … }"),
    ("text.cut('a', { bytes = 1, characters = 1 })", "argument 2 must be"),
    ("text.cut('a', { bytes = -1 })", "the limit must be an integer from 0"),
    ("text.trim(5)", "text.trim: argument 1 must be a text, not a number"),
    ("text.contains_any('a', 'b')", "argument 2 must be a list of words"),
  ])
  func mistakes(_ expression: String, _ message: String) async throws {
    let failure = try await Stage().failure(Self.prelude + "{ \(expression) }")
    #expect(failure.code == .invalid && failure.message.contains(message), "\(failure.message)")
  }
}
