import Crypto
import Glibc
import JSON

/// Appends what was received, and whether it took effect, to a file: one JSON object a line; keys, signatures and
/// passwords are hashed.
struct RequestRecorder: ~Copyable, Sendable {
  private let file: Int32
  private static let secretNames: Set<String> = [
    "access-key", "signature", "authorization", "cookie", "sign", "password", "proxy-authorization",
  ]

  init(path: String) throws(SimulatorError) {
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      let reason = String(cString: strerror(errno))
      throw SimulatorError(
        description: "cannot write the record file \(path): \(reason)", hint: "give a path in a folder that exists")
    }
  }

  deinit {
    close(file)
  }

  func record(_ request: SimulatedRequest, _ target: RequestTarget, _ entry: RequestLog.Entry) {
    var headers: JSONObject = [:]
    for header in request.headers { headers[header.name.lowercased()] = veiled(header.name, .string(header.value)) }
    var query: JSONObject = [:]
    for item in target.query { query[item.name] = veiled(item.name, .string(item.value)) }
    let line: JSON = [
      "time": .string(CivilTime.rfc3339(entry.time)), "method": .string(request.method), "path": .string(target.path),
      "query": .object(query), "headers": .object(headers), "body": body(request.body),
      "operation": .text(entry.operation), "took_effect": entry.tookEffect.map(JSON.bool) ?? .null,
    ]
    append(line)
  }

  /// Notes an attempt to deliver a callback; its signature is hashed.
  func record(_ delivery: CallbackDelivery, acknowledged: Bool, at instant: Int64) {
    append([
      "time": .string(CivilTime.rfc3339(instant)), "callback": .string(delivery.event), "url": .string(delivery.url),
      "number": .integer(Int64(delivery.number)), "attempt": .integer(Int64(delivery.attempt)),
      "headers": ["authorization": veiled("authorization", .string(delivery.authorization))],
      "body": body(delivery.body), "acknowledged": .bool(acknowledged),
    ])
  }

  private func append(_ line: JSON) {
    var bytes = line.bytes()
    bytes.append(UInt8(ascii: "\n"))
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let written = write(file, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return }
        offset += written
      }
    }
  }

  private func body(_ bytes: [UInt8]) -> JSON {
    guard !bytes.isEmpty else { return .null }
    do {
      guard case .object(let members) = try JSON(parsing: bytes) else { return try JSON(parsing: bytes) }
      return .object(JSONObject(members.map { (key: $0.key, value: veiled($0.key, $0.value)) }))
    } catch {
      return .string(String(decoding: bytes, as: UTF8.self))
    }
  }

  private func veiled(_ name: String, _ value: JSON) -> JSON {
    guard RequestRecorder.secretNames.contains(name.lowercased()) else { return value }
    let digest = SHA256.hash(data: value.scalarText.map { Array($0.utf8) } ?? value.bytes(.canonical))
    return .string("sha256:" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
  }
}
