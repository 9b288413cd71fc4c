internal import Foundation
internal import Synchronization

/// A time zone by its name in the IANA database, with all changes of its clock.
///
/// Where the clock has been and will be is what Foundation knows; it is read once per zone and process.
public struct Zone: Hashable, Sendable {
  /// Its name, e.g. `Asia/Shanghai`.
  public let id: String
  /// The offsets of its clock.
  let table: OffsetTable

  /// Finds a zone by its name.
  ///
  /// Letters such as `CST` are refused: they stand for several zones.
  ///
  /// - Throws: A ``ScheduleProblem`` with the name that was probably meant.
  public init(_ id: String) throws(ScheduleProblem) {
    guard let table = Self.table(of: id) else {
      let meaning = Self.nearest(to: id).map { "did you mean \"\($0)\"?" }
      throw ScheduleProblem("there is no time zone \(id.quoted)", hint: meaning ?? "e.g. Asia/Shanghai")
    }
    self.id = id
    self.table = table
  }

  /// What the clock is ahead of UTC at an instant, in milliseconds.
  public func offset(at instant: Int64) -> Int64 { table[table.index(at: instant)].offset }

  /// The names of all zones, in alphabetical order. Older names for them are understood as well.
  public static var all: [String] { (TimeZone.knownTimeZoneIdentifiers + ["UTC"]).sorted() }

  public static func == (left: Zone, right: Zone) -> Bool { left.id == right.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension Zone {
  private static let tables = Mutex<[String: OffsetTable]>([:])

  private static func table(of id: String) -> OffsetTable? {
    if let table = tables.withLock({ $0[id] }) { return table }
    let isAmbiguous = TimeZone.abbreviationDictionary[id] != nil && !["UTC", "GMT"].contains(id)
    guard !isAmbiguous, let zone = TimeZone(identifier: id) else { return nil }
    let table = OffsetTable(zone)
    return tables.withLock { tables in
      // Somebody may have been faster.
      let known = tables[id] ?? table
      tables[id] = known
      return known
    }
  }

  /// What a person who wrote no zone probably meant: the name itself in another case, a city's zone, or a near name.
  private static func nearest(to id: String) -> String? {
    let all = all
    let word = id.trimmingCharacters(in: .whitespaces).replacing(" ", with: "_")
    let city = word.split(separator: "/").last.map { $0.lowercased() } ?? ""
    // Cities that people look for and the database does not have.
    let capitals = ["beijing": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "hangzhou": "Asia/Shanghai"]
    return all.first { $0.lowercased() == word.lowercased() } ?? capitals[city]
      ?? all.first { $0.lowercased().hasSuffix("/" + city) && !city.isEmpty } ?? NearestName.of(word, among: all)
  }
}
