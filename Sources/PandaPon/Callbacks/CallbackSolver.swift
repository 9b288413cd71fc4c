import Crypto
import Redaction

/// Finds what callbacks are signed over, from one that was received and the secret; offline.
///
/// `Authorization = HEX(HMAC-SHA256(base, secret))` is what the vendor's manual says (pandapon.md 2b); the base is looked
/// for among the body or the `messageBody`, with access key, timestamp and secret before, behind or around it.
public struct CallbackSolver: Sendable {
  private let authorization: String
  private let message: CallbackMessage
  private let credentials: Credentials

  /// A solver for that callback.
  ///
  /// - Parameters:
  ///   - authorization: the header's value.
  ///   - body: the request's body, byte for byte.
  public init(authorization: String, body: [UInt8], credentials: Credentials) {
    self.authorization = authorization.filter { !$0.isWhitespace }
    message = CallbackMessage(body: body)
    self.credentials = credentials
  }

  /// Looks for the base.
  public func solve() -> CallbackSolution {
    let shape = SignatureShape(of: authorization)
    let candidates = Self.candidates
    let given = shape.bytes
    let bases = candidates.filter { base in
      let code = CallbackVerifier.code(of: message, over: base, by: credentials)
      return given.map { Array(code) == $0 } ?? false
    }
    return CallbackSolution(
      bases: bases.filter { _ in shape.encodings.contains { $0 != .base64 } }, tried: candidates.count, shape: shape,
      isBase64: !bases.isEmpty && shape.encodings == [.base64])
  }

  /// The bases that are tried, the likeliest first.
  static let candidates: [CallbackBase] = {
    let separators = ["", "\n", "&", "|", ":", ",", "-", "_", "."]
    let others: [SigningTemplate.Variable] = [.accessKey, .timestamp, .secret]
    var candidates = CallbackBase.inferred
    for message in [SigningTemplate.Variable.body, .messageBody] {
      for values in arrangements(of: others + [message]) where values.contains(message) {
        for separator in separators where values.count > 1 || separator.isEmpty {
          candidates.append(base(values, separator))
        }
      }
    }
    var seen: Set<CallbackBase> = []
    return candidates.filter { seen.insert($0).inserted }.enumerated()
      .sorted { ($0.element.template.parts.count, $0.offset) < ($1.element.template.parts.count, $1.offset) }
      .map(\.element)
  }()

  private static func base(_ values: [SigningTemplate.Variable], _ separator: String) -> CallbackBase {
    var parts: [SigningTemplate.Part] = []
    for value in values {
      if !parts.isEmpty, !separator.isEmpty { parts.append(.literal(separator)) }
      parts.append(.variable(value))
    }
    return CallbackBase(checked: parts)
  }

  /// Every order of every choice.
  private static func arrangements(
    of values: [SigningTemplate.Variable]
  ) -> [[SigningTemplate.Variable]] {
    var found: [[SigningTemplate.Variable]] = []
    func extend(_ chosen: [SigningTemplate.Variable]) {
      if !chosen.isEmpty { found.append(chosen) }
      for value in values where !chosen.contains(value) { extend(chosen + [value]) }
    }
    extend([])
    return found
  }
}

/// What came of looking for the base of a callback's signature.
public struct CallbackSolution: Sendable {
  /// The bases that fit, the simplest first; nearly always one or none.
  public let bases: [CallbackBase]
  /// How many were tried.
  public let tried: Int
  /// What the signature's text tells.
  public let shape: SignatureShape
  /// Whether a base fits, but the signature is written as base64, which the vendor's manual does not say.
  let isBase64: Bool

  /// The base to use; nil where none fits.
  public var base: CallbackBase? { bases.first }

  /// How near it looked, for a person.
  public var explanation: [String] {
    var lines = ["the signature is \(shape.description)"]
    if base != nil {
      if bases.count > 1 {
        lines.append(
          "\(bases.count) bases fit; the simplest is taken: "
            + bases.dropFirst().prefix(3).map(\.name).joined(separator: ", ") + " would do as well")
      }
      return lines
    }
    if isBase64 {
      lines.append("it is the right code, written as base64: the vendor's manual says hex, and Ebb verifies hex")
    } else if shape.bytes?.count == SHA256.byteCount {
      lines.append("\(tried) bases were tried, and none fits: the secret is another, or the body is not byte for byte")
    } else {
      lines.append("the vendor's manual says HMAC-SHA256 in hex: 64 digits")
    }
    return lines
  }
}
