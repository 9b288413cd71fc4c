public import JSON

/// How a paged read is paged.
public struct PageRule: Hashable, Sendable {
  /// Where in the arguments the page's number goes.
  public let number: JSONPointer
  /// Where in the arguments the page's size goes; nil where it is fixed.
  public let size: JSONPointer?
  /// The number of the first page.
  public let first: Int64
  /// The largest page size.
  public let maximum: Int64
  /// Where in `data` the rows stand.
  public let rows: JSONPointer
  /// Where in a row its id stands; nil where rows have none.
  public let id: JSONPointer?
  /// Where in `data` the number of pages stands.
  public let total: JSONPointer?
  /// Where in `data` the number of rows stands.
  public let records: JSONPointer?

  init(reading definition: JSON) throws(CatalogueError) {
    guard let number = definition["number"], let rows = definition["rows"] else {
      throw CatalogueError("a page needs number and rows")
    }
    self.number = try RuleReader.pointer(number)
    self.rows = try RuleReader.pointer(rows)
    size = try definition["size"].map(RuleReader.pointer)
    id = try definition["id"].map(RuleReader.pointer)
    total = try definition["total"].map(RuleReader.pointer)
    records = try definition["records"].map(RuleReader.pointer)
    first = definition["first"]?.integer ?? 1
    maximum = definition["maximum"]?.integer ?? 100
  }
}

extension PageRule {
  /// The rows of an answer's `data`: where the catalogue says, else under `list`, `records`, `rows` or `data`, else
  /// `data` itself where it is an array; nil where nothing of that is there.
  ///
  /// The other names are those of assumptions.md 1.
  public func rows(in data: JSON) -> [JSON]? {
    if let rows = data[pointer: rows]?.array { return rows }
    if let rows = data.array { return rows }
    for name in ["data", "list", "records", "rows"] {
      if let rows = data[name]?.array { return rows }
    }
    return nil
  }

  /// The id of a row, as text.
  public func id(of row: JSON) -> String? {
    id.flatMap { row[pointer: $0]?.scalarText }
  }

  /// The number of pages, where the answer tells it or it follows from the number of rows.
  public func pages(in data: JSON, size: Int64) -> Int64? {
    if let total, let pages = count(data[pointer: total]) { return pages }
    for name in ["totalPage", "totalPages", "pages"] {
      if let pages = count(data[name]) { return pages }
    }
    guard size > 0, let records = records(in: data) else { return nil }
    return (records + size - 1) / size
  }

  /// The number of rows on all pages, where the answer tells it.
  public func records(in data: JSON) -> Int64? {
    if let records, let known = count(data[pointer: records]) { return known }
    for name in ["totalRecords", "total", "totalCount"] {
      if let known = count(data[name]) { return known }
    }
    return nil
  }

  /// Whether no page follows the one that answered `data`.
  ///
  /// The number of pages decides where it is told, even over an empty page; else a page with fewer rows than asked for
  /// is the last. Look at `rows(in:)` first: an answer without any list is no page.
  public func isLast(_ data: JSON, number: Int64, size: Int64) -> Bool {
    if let pages = pages(in: data, size: size) { return number - first + 1 >= pages }
    return (rows(in: data)?.count ?? 0) < size
  }

  /// The arguments with that page asked for.
  public func arguments(_ arguments: JSON, number: Int64, size: Int64) -> JSON {
    var paged = arguments.object == nil ? JSON.object([:]) : arguments
    paged.set(.integer(number), at: self.number)
    if let place = self.size { paged.set(.integer(min(size, maximum)), at: place) }
    return paged
  }

  private func count(_ value: JSON?) -> Int64? {
    value?.scalarText.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }
}
