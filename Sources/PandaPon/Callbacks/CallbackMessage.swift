import JSON

/// A callback's bytes, and what bases take from them.
struct CallbackMessage {
  /// The request's body as received.
  let body: [UInt8]

  /// The envelope's `messageBody` as it was sent; of JSON text, the text that it stands for. Empty where there is none.
  var messageBody: [UInt8] {
    guard let range = range(of: "messageBody") else { return [] }
    let bytes = Array(body[range])
    return (try? JSON(parsing: bytes))?.string.map { Array($0.utf8) } ?? bytes
  }

  /// The envelope's `timestamp` as it was sent, without quotes. Empty where there is none.
  var timestamp: [UInt8] {
    guard let range = range(of: "timestamp") else { return [] }
    return Array(body[range].filter { $0 != UInt8(ascii: "\"") })
  }

  private func range(of member: String) -> Range<Int>? {
    body.count <= CallbackEnvelope.maximumSize ? JSON.range(ofMember: member, in: body) : nil
  }

  /// What a variable of a base stands for; the secret and the access key are the caller's.
  func bytes(of variable: SigningTemplate.Variable) -> [UInt8] {
    switch variable {
    case .body: body
    case .messageBody: messageBody
    case .timestamp: timestamp
    case .accessKey, .secret, .nonce, .userID, .method, .path, .query: []
    }
  }
}
