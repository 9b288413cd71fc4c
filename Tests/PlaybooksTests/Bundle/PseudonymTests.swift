import JSON
import Playbooks
import Testing

@Suite struct PseudonymTests {
  private static func pseudonyms(_ values: JSON...) -> Pseudonyms {
    var pseudonyms = Pseudonyms(key: Array(repeating: 7, count: 32))
    for value in values { pseudonyms.learn(value) }
    return pseudonyms
  }

  @Test(arguments: ["13812345678", "浙江省杭州市西湖区", "li.wei@example.com", "+86 571-8765-4321", "Li Wei"])
  func keepsTheShapeAndNotTheValue(_ text: String) throws {
    let other = Self.pseudonyms(.string(text)).text(text)
    #expect(other != text)
    #expect(other.count == text.count)
    for (before, after) in zip(text.unicodeScalars, other.unicodeScalars) {
      #expect(("0"..."9").contains(before) == ("0"..."9").contains(after))
      #expect(before.properties.isAlphabetic == after.properties.isAlphabetic)
    }
  }

  @Test func isTheSameWhereverItStands() {
    let pseudonyms = Self.pseudonyms("13812345678")
    let other = pseudonyms.text("13812345678")
    #expect(pseudonyms.text("call 13812345678, now") == "call \(other), now")
    let value: JSON = ["13812345678": [13_812_345_678, "13812345678"], "x": ["tel:13812345678"]]
    let expected: JSON = [other: [.integer(Int64(other) ?? 0), .string(other)], "x": [.string("tel:\(other)")]]
    #expect(pseudonyms.replacing(value) == expected)
  }

  @Test(arguments: ["9138123456780", "x13812345678", "13812345678x"])
  func aLongerWordIsAnother(_ text: String) {
    #expect(Self.pseudonyms("13812345678").text(text) == text)
  }

  @Test func theLongerOfTwoIsTaken() {
    let pseudonyms = Self.pseudonyms("浙江省杭州市", "浙江省杭州市西湖区文三路")
    let long = pseudonyms.text("浙江省杭州市西湖区文三路")
    #expect(pseudonyms.text("到浙江省杭州市西湖区文三路") == "到" + long)
    #expect(pseudonyms.text("到浙江省杭州市") == "到" + pseudonyms.text("浙江省杭州市"))
  }

  @Test func twoValuesStayTwo() {
    let values = (0..<2000).map { "138\(String(10_000_000 + $0))" }
    var pseudonyms = Pseudonyms()
    for value in values { pseudonyms.learn(.string(value)) }
    #expect(Set(values.map(pseudonyms.text)).count == values.count)
    #expect(pseudonyms.count == values.count)
  }

  @Test func whatIsShortIsReplacedAtItsPlaceAlone() {
    let pseudonyms = Self.pseudonyms("李", "1234")
    #expect(pseudonyms.count == 0)
    let value: JSON = ["name": "李", "note": "李", "code": 1234]
    let replaced = pseudonyms.replacing(at: ["/name", "/code", "/missing"], in: value)
    #expect(replaced["note"] == "李")
    #expect(replaced["name"] != "李")
    #expect(replaced["code"] != 1234)
  }

  @Test func anotherExportHasOtherPseudonyms() {
    var (one, two) = (Pseudonyms(), Pseudonyms())
    one.learn("浙江省杭州市西湖区")
    two.learn("浙江省杭州市西湖区")
    #expect(one.text("浙江省杭州市西湖区") != two.text("浙江省杭州市西湖区"))
  }
}
