import Catalogue
import JSON
import Redaction

/// Takes the secrets out of an answer and leaves their handles.
///
/// Secret is what the catalogue marks so, and any text that holds the account's own secret.
struct SecretFields {
  let operation: Operation
  let secret: SecretBytes

  /// The data with handles in place of secrets, and the secrets.
  func seal(_ data: JSON) -> (data: JSON, secrets: [SecretBox]) {
    var sealed = data
    var boxes: [SecretBox] = []
    for pointer in operation.secrets(in: data) {
      // A parent that was sealed before leaves nothing here.
      guard let value = sealed[pointer: pointer], !value.isNull else { continue }
      let box = SecretBox(value.scalarText ?? value.text(), of: operation.id, key: secret)
      sealed.set(.string(box.handle), at: pointer)
      boxes.append(box)
    }
    let clean = withoutOwnSecret(sealed, &boxes)
    return (clean ?? sealed, boxes)
  }

  /// The value without the account's own secret, or nil where it is not in there.
  private func withoutOwnSecret(_ value: JSON, _ boxes: inout [SecretBox]) -> JSON? {
    switch value {
    case .string(let text):
      guard holdsSecret(text) else { return nil }
      let box = SecretBox(text, of: operation.id, key: secret)
      boxes.append(box)
      return .string(box.handle)
    case .array(let elements):
      var changed: [JSON]?
      for (index, element) in elements.enumerated() {
        guard let clean = withoutOwnSecret(element, &boxes) else { continue }
        var copy = changed ?? elements
        copy[index] = clean
        changed = copy
      }
      return changed.map { .array($0) }
    case .object(let members):
      var changed: JSONObject?
      for (name, member) in members {
        guard let clean = withoutOwnSecret(member, &boxes) else { continue }
        var copy = changed ?? members
        copy[name] = clean
        changed = copy
      }
      return changed.map { .object($0) }
    case .null, .bool, .integer, .bigInteger, .number:
      return nil
    }
  }

  private func holdsSecret(_ text: String) -> Bool {
    guard text.utf8.count >= secret.count else { return false }
    var text = text
    return text.withUTF8 { text in
      secret.withBytes { secret in
        (0...(text.count - secret.count)).contains { start in
          text[start] == secret[0] && zip(text[start...], secret).allSatisfy { $0 == $1 }
        }
      }
    }
  }
}
