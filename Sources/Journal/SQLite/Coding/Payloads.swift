internal import JSON

/// Reads and writes the store's payloads through its codec.
struct Payloads: Sendable {
  let codec: any PayloadCodec

  func seal(_ bytes: [UInt8], _ place: PayloadPlace) throws -> SQLValue {
    .bytes(try codec.seal(bytes, at: place))
  }

  func seal(_ value: JSON, _ place: PayloadPlace) throws -> SQLValue {
    try seal(value.bytes(), place)
  }

  func seal(_ value: JSON?, _ place: PayloadPlace) throws -> SQLValue {
    guard let value else { return .null }
    return try seal(value, place)
  }

  func open(_ bytes: [UInt8], _ place: PayloadPlace) throws -> [UInt8] {
    try codec.open(bytes, at: place)
  }

  func frames(_ bytes: [UInt8], _ place: PayloadPlace) throws -> [[UInt8]] {
    guard let parts = Frames.split(try open(bytes, place)) else {
      throw JournalError.damaged("a \(place.kind.rawValue) of \(place.owner) cannot be read")
    }
    return parts
  }

  func json(_ bytes: [UInt8], _ place: PayloadPlace) throws -> JSON {
    try Self.parse(try open(bytes, place), place)
  }

  func json(_ bytes: [UInt8]?, _ place: PayloadPlace) throws -> JSON? {
    guard let bytes else { return nil }
    let value: JSON = try json(bytes, place)
    return value
  }

  /// What was written may be read, however deep: the limits on values hold where values come in.
  static func parse(_ bytes: [UInt8], _ place: PayloadPlace) throws(JournalError) -> JSON {
    do {
      return try JSON(parsing: bytes, maximumDepth: 1000)
    } catch {
      throw .damaged("a \(place.kind.rawValue) of \(place.owner) cannot be read: \(error.reason)")
    }
  }
}
