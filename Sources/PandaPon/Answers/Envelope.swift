import JSON

/// The envelope around every answer (pandapon.md 1): `requestId`, `code`, `developId`, `msg`, `data`.
///
/// Read tolerantly: the code may be an integer, a float without a fraction, or either as text; everything else may be
/// absent or null. `developId` is typed three ways on the vendor's pages and carries nothing, so it is not read.
struct Envelope: Hashable, Sendable {
  /// 200 is success in every sample that is no stub.
  static let success = 200

  var code: Int
  var message: String?
  var requestID: String?
  var data: JSON

  /// The envelope of an answer, or nil where it is no object with a readable `code`.
  init?(_ document: JSON) {
    guard let members = document.object, let code = members["code"].flatMap(Self.integer) else { return nil }
    self.code = code
    message = (members["msg"] ?? members["message"])?.scalarText
    requestID = members["requestId"]?.scalarText
    data = members["data"] ?? .null
  }

  private static func integer(_ value: JSON) -> Int? {
    switch value {
    case .integer(let value): Int(exactly: value)
    case .number(let value): Int(exactly: value)
    case .string(let text): Int(text)
    default: nil
    }
  }
}
