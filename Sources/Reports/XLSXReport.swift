import CXLSX
import JSON

/// Tables as a spreadsheet, a sheet for each, by Debian's libxlsxwriter.
public enum XLSXReport {
  /// Why a spreadsheet was not written.
  public enum Problem: Error, Hashable, Sendable {
    /// The library is not on this machine.
    case missingLibrary
    /// The file cannot be written.
    case unwritable
    /// A sheet has room for 1,048,576 rows and 16,384 columns.
    case tooLarge
  }

  /// Whether this machine can write any.
  public static var isAvailable: Bool { ebb_xlsx_is_there() }

  /// Writes the tables into a file; text is text, also where it is digits, and amounts are numbers.
  ///
  /// - Throws: ``Problem``.
  public static func write(_ tables: [ReportTable], to path: String) throws(Problem) {
    guard isAvailable else { throw .missingLibrary }
    guard tables.allSatisfy({ $0.rows.count < 1_048_570 && $0.columns.count < 16_384 }) else { throw .tooLarge }
    guard let book = ebb_xlsx_open(path) else { throw .unwritable }
    var names: [String] = []
    var isFine = true
    for (index, table) in (tables.isEmpty ? [ReportTable([:])] : tables).enumerated() {
      let name = sheetName(table.title, index: index, besides: names)
      names.append(name)
      isFine = ebb_xlsx_sheet(book, name) && write(table, to: book) && isFine
    }
    guard ebb_xlsx_close(book), isFine else { throw .unwritable }
  }

  private static func write(_ table: ReportTable, to book: OpaquePointer) -> Bool {
    var isFine = true
    func put(_ cell: ReportCell, _ row: Int, _ column: Int, isTotal: Bool = false) {
      let (row, place) = (UInt32(clamping: row), UInt16(clamping: column))
      let (plain, money) = isTotal ? (EBB_XLSX_TOTAL, EBB_XLSX_TOTAL_MONEY) : (EBB_XLSX_PLAIN, EBB_XLSX_MONEY)
      func style(_ style: ebb_xlsx_style) -> Int32 { Int32(bitPattern: style.rawValue) }
      switch cell {
      case .empty: break
      case .text(let text):
        isFine =
          ebb_xlsx_write_text(book, row, place, cut(text), style(isTotal ? EBB_XLSX_TOTAL : EBB_XLSX_TEXT)) && isFine
      // A spreadsheet's numbers are exact up to 2^53.
      case .integer(let number) where number.magnitude > 1 << 53:
        isFine = ebb_xlsx_write_text(book, row, place, String(number), style(plain)) && isFine
      case .integer(let number):
        isFine = ebb_xlsx_write_number(book, row, place, Double(number), style(plain)) && isFine
      case .number(let number): isFine = ebb_xlsx_write_number(book, row, place, number, style(plain)) && isFine
      case .amount(let amount):
        guard table.columns[column].currency != nil, amount.minorUnits.magnitude < 1 << 53 else {
          isFine = ebb_xlsx_write_text(book, row, place, cell.text, style(plain)) && isFine
          return
        }
        let value = Double(amount.minorUnits) / (amount.decimals == 2 ? 100 : 1)
        isFine = ebb_xlsx_write_number(book, row, place, value, style(amount.decimals == 2 ? money : plain)) && isFine
      }
    }
    for (index, column) in table.columns.enumerated() {
      let heading = column.fullHeading
      isFine =
        ebb_xlsx_write_text(book, 0, UInt16(index), cut(heading), Int32(bitPattern: EBB_XLSX_HEADING.rawValue))
        && isFine
      let longest = table.rows.prefix(500).map { width($0[index].text) }.max() ?? 0
      ebb_xlsx_width(book, UInt16(index), Double(min(60, max(longest, width(heading)) + 2)))
      for (row, cells) in table.rows.enumerated() { put(cells[index], row + 1, index) }
      if let totals = table.totals { put(totals[index], table.rows.count + 1, index, isTotal: true) }
    }
    ebb_xlsx_freeze(book, 1)
    return isFine
  }

  /// A cell has room for 32,767 characters.
  private static func cut(_ text: String) -> String {
    text.utf16.count > 32_767 ? String(text.prefix(8000)) + "…" : text
  }

  /// Columns of text: Chinese takes two.
  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E7F ? 2 : 1) }
  }

  /// A name of at most 31 characters without those that sheets may not have; no two alike.
  private static func sheetName(_ title: String, index: Int, besides others: [String]) -> String {
    var name = title.filter { !"[]:*?/\\".contains($0) && !$0.isNewline }
    while name.hasPrefix("'") { name.removeFirst() }
    while name.utf16.count > 31 || name.hasSuffix("'") || name.hasSuffix(" ") { name.removeLast() }
    let isTaken = others.contains { $0.lowercased() == name.lowercased() }
    return name.isEmpty || isTaken || name.lowercased() == "history" ? "Sheet \(index + 1)" : name
  }
}
