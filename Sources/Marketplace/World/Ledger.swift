/// Rows by id, in the order they came.
struct Ledger<Row: Identifiable & Sendable & Hashable>: Sendable, Hashable where Row.ID == String {
  private(set) var rows: [Row] = []
  private var places: [String: Int] = [:]

  var count: Int { rows.count }

  subscript(id: String) -> Row? {
    places[id].map { rows[$0] }
  }

  mutating func insert(_ row: Row) {
    if let place = places[row.id] {
      rows[place] = row
    } else {
      places[row.id] = rows.count
      rows.append(row)
    }
  }

  /// Changes a row in place; answers false where there is none.
  @discardableResult
  mutating func update(_ id: String, _ change: (inout Row) -> Void) -> Bool {
    guard let place = places[id] else { return false }
    change(&rows[place])
    return true
  }

  mutating func remove(_ id: String) -> Row? {
    guard let place = places.removeValue(forKey: id) else { return nil }
    let row = rows.remove(at: place)
    for index in place..<rows.count { places[rows[index].id] = index }
    return row
  }
}
