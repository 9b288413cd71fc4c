import Testing

@testable import ebb

@Suite struct TextWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("撤销超期逆向单", 14), ("あア", 4), ("한글", 4), ("ＡＢ", 4), ("ﾊﾝｶｸ", 4), ("ﾊﾟ", 2), ("ทำ", 2),
    ("é", 1), ("e\u{301}", 1), ("ไทย", 3), ("ก็", 1), ("a\u{200B}b", 2), ("…", 1), ("¥500", 4), ("￥", 2),
    ("🙂", 2), ("👩‍👩‍👧", 2), ("🇨🇳", 2), ("❤\u{FE0F}", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("𠮷", 2), ("（）", 4),
  ])
  func countsColumns(_ text: String, _ columns: Int) {
    #expect(TextWidth.columns(text) == columns)
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("撤销单", 6, "撤销单"), ("撤销单", 5, "撤销…"), ("撤销单", 4, "撤…"),
    ("撤销单", 1, "…"), ("abc", 0, ""), ("", 0, ""),
  ])
  func cutsWithoutSplittingACharacter(_ text: String, _ limit: Int, _ expected: String) {
    let cut = TextWidth.truncated(text, to: limit)
    #expect(cut == expected)
    #expect(TextWidth.columns(cut) <= limit)
  }

  @Test func padsOnEitherSide() {
    #expect(TextWidth.padded("单", to: 4) == "单  ")
    #expect(TextWidth.padded("单", to: 4, leading: true) == "  单")
    #expect(TextWidth.padded("单单单", to: 4) == "单单单")
  }

  @Test func wideRangesAscendWithoutOverlap() {
    for (left, right) in zip(TextWidth.wide, TextWidth.wide.dropFirst()) { #expect(left.upperBound < right.lowerBound) }
  }
}

@Suite struct CleaningTests {
  @Test(arguments: [
    ("plain 中文", "plain 中文"), ("\u{1B}[31mred", "␛[31mred"), ("a\nb", "a␊b"), ("a\r", "a␍"), ("\u{9B}0m", "\u{FFFD}0m"),
    ("x\u{202E}y", "x\u{FFFD}y"), ("\u{7F}", "\u{FFFD}"),
  ])
  func leavesNothingThatSteersATerminal(_ text: String, _ expected: String) {
    #expect(Terminal.clean(text) == expected)
  }

  @Test func keepsLinesWhereAsked() {
    #expect(Terminal.clean("a\nb\u{7}", keepLines: true) == "a\nb␇")
  }
}
