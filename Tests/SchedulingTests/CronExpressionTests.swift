import Testing

@testable import Scheduling

@Suite struct CronExpressionTests {
  @Test(
    arguments: [
      ("30 9 * * *", "30 9 * * *"), ("  07  09\t* * * ", "7 9 * * *"), ("*/15 * * * mon-fri", "*/15 * * * MON-FRI"),
      ("1-30/2 5/10 1,15 jan,7 ?", "1-30/2 5/10 1,15 JAN,7 *"), ("0 0 L * *", "0 0 L * *"),
      ("0 0 l-3,lw,15w * *", "0 0 L-3,LW,15W * *"), ("0 0 * * 5l,mon#2", "0 0 * * 5L,MON#2"),
      ("0 0 * * 7", "0 0 * * 7"), ("0 0 * * fri-sun", "0 0 * * FRI-SUN"), ("0 0 ? * 5-7", "0 0 * * 5-7"),
      ("@hourly", "0 * * * *"), ("@Daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
      ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ])
  func readsAndIsReadAgain(_ text: String, _ canonical: String) throws {
    let expression = try CronExpression(parsing: text)
    #expect(expression.text == canonical)
    #expect(try CronExpression(parsing: canonical) == expression)
  }

  @Test(
    arguments: [
      ("", "cron: the expression is empty", "five are read"),
      ("* * * *", "has 4 fields", "five are read"),
      ("0 30 9 * * *", "has 6 fields", "no seconds"),
      ("@reboot", "is not understood", "do not know starts"),
      ("@every 5m", "is not understood", "every 15m"),
      ("@fortnightly", "is not understood", "@weekly"),
      ("60 * * * *", "minute \"60\": 60 is out of range", "0 to 59"),
      ("0 24 * * *", "hour \"24\": 24 is out of range", "0 to 23"),
      ("0 0 0 * *", "day of month \"0\": 0 is out of range", "1 to 31"),
      ("0 0 * 13 *", "month \"13\": 13 is out of range", "JAN to DEC"),
      ("0 0 * * 8", "day of week \"8\": 8 is out of range", "0 and 7 are Sunday"),
      ("x * * * *", "minute: \"X\" is not understood", "0 to 59"),
      ("-1 * * * *", "minute: \"-1\" is not understood", "0 to 59"),
      ("1,,2 * * * *", "minute: a member of the list is empty", "lists"),
      ("*/0 * * * *", "\"0\" is no step", "steps are 1 to 59"),
      ("*/90 * * * *", "\"90\" is no step", "every 90m"),
      ("1/2/3 * * * *", "is not understood", "steps"),
      ("0 22-2 * * *", "ends before it begins", "22-23,0-2"),
      ("? * * * *", "minute: \"?\" is not understood", "0 to 59"),
      ("0 0 L-31 * *", "day of month: \"L-31\" is not understood", "L-3"),
      ("0 0 L-3W * *", "day of month", "15W"),
      ("0 0 * * L", "the last of which day?", "5L"),
      ("0 0 * * MON#6", "a month has no such day", "MON#5"),
      ("0 0 * MAR-JAN *", "ends before it begins", "MAR-12"),
      ("٣ * * * *", "is not understood", "0 to 59"),
      ("0 0 31 2 *", "never runs: day of month 31 does not occur in month 2", "L"),
      ("0 0 30,31 FEB *", "never runs", "L"), ("0 0 31W 4,6 ?", "never runs", "L"), ("0 0 L-30 2 *", "never runs", "L"),
      (String(repeating: "1,", count: 400) + "1 * * * *", "is too long", "500 bytes"),
    ])
  func refusesWithTheFieldAndWhatIsAllowed(_ text: String, _ message: String, _ hint: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try CronExpression(parsing: text) }
    #expect(problem?.description.contains(message) == true, "\(problem?.description ?? "")")
    #expect(problem?.hint?.contains(hint) == true, "\(problem?.hint ?? "")")
    #expect((problem?.description.count ?? 0) < 200)
  }

  @Test(
    arguments: [
      ("0 0 29 2 *", "2026-01-01", ["2028-02-29", "2032-02-29"]),
      ("0 0 */31 2 MON", "2026-03-01", ["2027-02-01", "2038-02-01"]),
      ("0 0 L * *", "2028-01-31", ["2028-02-29", "2028-03-31", "2028-04-30"]),
      ("0 0 L-3 * *", "2026-02-01", ["2026-02-25", "2026-03-28"]),
      // 15 August 2026 is a Saturday, 15 November a Sunday; 1 August a Saturday, 31 May a Sunday.
      ("0 0 15W 8,11 *", "2026-08-01", ["2026-08-14", "2026-11-16"]),
      ("0 0 1W 8 *", "2026-07-30", ["2026-08-03"]), ("0 0 LW 5 *", "2026-05-01", ["2026-05-29"]),
      ("0 0 * * 5L", "2026-11-01", ["2026-11-27", "2026-12-25"]),
      ("0 0 * * MON#2", "2026-11-01", ["2026-11-09", "2026-12-14"]),
      ("0 0 * * 0#5", "2026-11-01", ["2026-11-29", "2027-01-31"]),
      // Both days restricted: either; a field that begins with a star has to fit as well.
      ("0 0 13 * FRI", "2026-11-01", ["2026-11-06", "2026-11-13", "2026-11-20"]),
      ("0 0 */10 * MON", "2026-11-01", ["2026-12-21", "2027-01-11"]),
      ("0 0 1 * ?", "2026-11-02", ["2026-12-01"]),
    ] as [(String, String, [String])])
  func daysOfTheMonthAndTheWeek(_ text: String, _ start: String, _ days: [String]) throws {
    let texts = try Timetable(cron: text, "UTC").texts(after: start + "T00:00:00Z", count: days.count)
    #expect(texts == days.map { $0 + "T00:00:00Z" })
  }

  @Test func aLeapDayOnADayOfTheWeekIsFoundAcrossACenturyWithoutOne() throws {
    let timetable = try Timetable(cron: "0 0 29 2 *", "UTC", days: "+ 2072-02-29\n+ 2112-02-29")
    #expect(timetable.texts(after: "2072-02-29T00:00:00Z", count: 2) == ["2112-02-29T00:00:00Z"])
  }
}
