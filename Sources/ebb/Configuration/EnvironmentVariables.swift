import Foundation
import PandaPon
import Redaction

/// The environment as Ebb reads it.
///
/// Values of secret variables are never part of it: their bytes are fetched one by one by whoever signs, so that they
/// are in no dictionary, description or dump.
struct EnvironmentVariables: Sendable, ExpressibleByDictionaryLiteral {
  /// All variables but the secret ones.
  private(set) var values: [String: String] = [:]
  /// Names of the secret ones that are set.
  private(set) var secretNames: Set<String> = []
  private var secretBytes: @Sendable (String) -> SecretBytes? = { _ in nil }

  /// The variables of this process.
  static var process: EnvironmentVariables {
    var result = EnvironmentVariables()
    var cursor = environ
    while let entry = cursor.pointee {
      cursor += 1
      guard let equals = strchr(entry, Int32(UInt8(ascii: "="))) else { continue }
      let name = String(decoding: UnsafeRawBufferPointer(start: entry, count: equals - entry), as: UTF8.self)
      if isSecret(name) {
        if equals[1] != 0 { result.secretNames.insert(name) }
      } else {
        result.values[name] = String(cString: equals + 1)
      }
    }
    result.secretBytes = { SecretBytes(environment: $0) }
    return result
  }

  /// Variables by name, for tests.
  init(dictionaryLiteral elements: (String, String)...) {
    var secrets: [String: SecretBytes] = [:]
    for (name, value) in elements {
      if Self.isSecret(name) { secrets[name] = SecretBytes(value.utf8) } else { values[name] = value }
    }
    secretNames = Set(secrets.filter { $0.value.count > 0 }.keys)
    secretBytes = { [secrets] in secrets[$0] }
  }

  /// A variable that is set and not empty.
  subscript(name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// A secret variable that is set and not empty. From then on no text that passes `redact` shows it.
  func secret(_ name: String) -> SecretBytes? {
    secretNames.contains(name) ? secretBytes(name) : nil
  }

  /// Whether a variable's value must not be shown.
  static func isSecret(_ name: String) -> Bool { name.hasPrefix("EBB_") && name.contains("SECRET") }
}
