import Catalogue
import JSON

/// The answer that is served and decoded: the documented one, as the catalogue holds it.
enum Document {
  /// The read that the playbook makes.
  static let operation = "taobao.refunds.get"

  /// The whole HTTP body, envelope included.
  ///
  /// - Throws: ``BenchError`` where the catalogue has no example.
  static func body() throws -> [UInt8] {
    guard let data = try Catalogue.embedded()["taobao.refunds.cancel"]?.exampleAnswer else {
      throw BenchError("the catalogue has no example of taobao.refunds.cancel")
    }
    let envelope: JSON = [
      "code": 200, "data": data, "developId": "1021090911993463110", "msg": "成功",
      "requestId": "5b950f5f7b064dc889c1a878b5c16234",
    ]
    return envelope.bytes(.compact)
  }
}

/// Why a measurement cannot be made.
struct BenchError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
