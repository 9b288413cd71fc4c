import JSON

extension Configuration {
  /// What holds where a profile says nothing; nil where there is no default.
  static func standard(_ key: ProfileKey) -> String? {
    switch key {
    case .payload: "{access-key}{timestamp}{nonce-str}{secret}"
    case .digest: "md5"
    case .encoding: "upper-hex"
    case .timestamp: "ms"
    default: nil
    }
  }

  func checkedProfile(_ settings: ProfileSettings) throws(CommandFailure) {
  }
}
