import Testing

@testable import ebb

@Suite struct TableTests {
  private var table: Table {
    var table = Table([.fixed("SUBJECT"), .flexible("REASON", minimum: 8), .fixed("AMOUNT", .trailing)])
    table.append(["110000235001", "open for too long", "12.00 CNY"])
    table.append(["7", "退货在路上", "1,234.56 CNY"])
    return table
  }

  @Test func linesUpWideText() {
    #expect(
      table.render() == """
        SUBJECT       REASON                   AMOUNT
        110000235001  open for too long     12.00 CNY
        7             退货在路上         1,234.56 CNY
        """)
  }

  @Test func givesWayOnlyInFlexibleColumns() {
    #expect(
      table.render(width: 36) == """
        SUBJECT       REASON          AMOUNT
        110000235001  open fo…     12.00 CNY
        7             退货在…   1,234.56 CNY
        """)
    // Narrower than its fixed columns it overflows rather than cut an id or an amount.
    #expect(table.render(width: 10).contains("1,234.56 CNY"))
  }

  @Test(arguments: 20...60) func fitsWhereItCan(_ width: Int) {
    var table = Table([.flexible("A", minimum: 4), .flexible("B", minimum: 4)])
    table.append(["超期的逆向单很多很多很多", "a rather long explanation"])
    for line in table.render(width: width).split(separator: "\n") { #expect(TextWidth.columns(String(line)) <= width) }
  }

  @Test func missingAndSurplusCells() {
    var table = Table([.fixed("A"), .fixed("B")])
    table.append(["1"])
    table.append(["1", "2", "3"])
    #expect(table.render() == "A  B\n1\n1  2")
  }

  @Test func runningTextGoesOnInTheNextLine() {
    var table = Table([.fixed("FIELD"), .wrapping("MEANING", minimum: 8)])
    table.append(["id", "reverse order id"])
    table.append(["reason", "不想要了不想要了"])
    table.append(["x", ""])
    #expect(
      table.render(width: 17) == """
        FIELD   MEANING
        id      reverse
                order id
        reason  不想要了
                不想要了
        x
        """)
  }

  @Test func footerStandsUnderARule() {
    var table = Table([.fixed("A"), .fixed("N", .trailing)])
    table.append(["kept", "2"])
    table.footer = ["all", "1,000"]
    #expect(table.render() == "A         N\nkept      2\n───────────\nall   1,000")
  }

  @Test func cellsCannotBreakOutOfTheirLine() {
    var table = Table([.fixed("A")])
    table.append(["x\n\u{1B}[2J"])
    #expect(table.render() == "A\nx␊␛[2J")
  }

  @Test func coloursDoNotMoveColumns() {
    var table = Table([.fixed("A", role: .name), .fixed("B")])
    table.append(["x", "y"])
    #expect(table.render(style: .coloured) == "\u{1B}[1mA\u{1B}[0m  \u{1B}[1mB\u{1B}[0m\n\u{1B}[36mx\u{1B}[0m  y")
  }
}

@Suite struct CountTextTests {
  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] as [(Int, String)])
  func setsThousandsApart(_ count: Int, _ text: String) {
    #expect(CountText.grouped(count) == text)
  }
}

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("rnu", "run"), ("confgi", "config"), ("base-url", "base_url"), ("BASE_URL", "base_url"), ("x", nil), ("", nil),
      ("something", nil), ("simulat", "simulate"),
    ] as [(String, String?)])
  func findsWhatWasMeant(_ word: String, _ expected: String?) {
    #expect(Suggestion.nearest(to: word, in: ["run", "config", "base_url", "simulate", "call"]) == expected)
  }
}

@Suite struct ProgressLineTests {
  private let start = ContinuousClock.now

  @Test func staysSilentForASecondThenDrawsTenTimesASecond() {
    var line = ProgressLine(start: start)
    #expect(line.update("reading", done: 1, of: nil, now: start + .milliseconds(999)) == nil)
    #expect(line.finish() == nil)
    #expect(line.update("reading", done: 1200, of: nil, now: start + .seconds(1)) == "\r\u{1B}[Kreading 1,200")
    #expect(line.update("reading", done: 2, of: nil, now: start + .milliseconds(1099)) == nil)
    #expect(
      line.update("acting", done: 50, of: 200, now: start + .milliseconds(1100))
        == "\r\u{1B}[Kacting █████░░░░░░░░░░░░░░░ 50/200")
    #expect(line.finish() == "\r\u{1B}[K")
    #expect(line.finish() == nil)
  }

  @Test func neverWraps() throws {
    var line = ProgressLine(start: start, width: 10)
    let drawn = line.update("读取逆向单列表", done: 1, of: nil, now: start + .seconds(2))
    let text = try #require(drawn)
    #expect(TextWidth.columns(String(text.dropFirst(4))) <= 9)
  }
}

@Suite struct TerminalTests {
  @Test(
    arguments: [
      ([:], true, true), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
      (["TERM": "dumb"], true, false),
      ([:], false, false),
    ] as [([String: String], Bool, Bool)])
  func coloursOnlyOnATerminal(_ environment: [String: String], _ isTerminal: Bool, _ coloured: Bool) {
    let terminal = Terminal(environment: environment, output: isTerminal, error: false, input: false, columns: 100)
    #expect((terminal.style == .coloured) == coloured)
    #expect(terminal.errorStyle == .plain)
    #expect(terminal.width == (isTerminal ? 100 : nil))
  }
}

@Suite struct ExitStatusTests {
  @Test(
    arguments: [
      ([], .done), ([.done, .waitingForTime], .waitingForTime), ([.failed, .diverged], .diverged),
      ([.refused, .failed], .failed), ([.unreachable, .refused], .refused),
      ([.waitingForPerson, .unreachable], .unreachable),
      ([.waitingForTime, .waitingForPerson], .waitingForPerson),
    ] as [([ebb.ExitStatus], ebb.ExitStatus)])
  func combines(_ statuses: [ebb.ExitStatus], _ expected: ebb.ExitStatus) {
    #expect(ebb.ExitStatus.combined(statuses) == expected)
  }

  @Test func numbersAreStable() {
    #expect(ebb.ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 130])
  }
}
