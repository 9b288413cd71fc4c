/// How a family of recipes names what it signs.
struct FieldNames: Hashable {
  let accessKey: String
  let timestamp: String
  let nonce: String
  let userID: String
  /// Names under which the secret may be one of the fields.
  let secrets: [String]

  /// The name of a value; parts of the request are named as they are called.
  func name(of variable: SigningTemplate.Variable) -> String {
    switch variable {
    case .accessKey: accessKey
    case .timestamp: timestamp
    case .nonce: nonce
    case .userID: userID
    case .secret, .method, .path, .query, .body, .messageBody: variable.rawValue
    }
  }

  /// Names that any style has for the secret.
  private static let common = ["key", "secret", "access-secret", "appSecret"]

  private init(_ accessKey: String, _ timestamp: String, _ nonce: String, _ userID: String, _ secrets: [String]) {
    (self.accessKey, self.timestamp, self.nonce, self.userID) = (accessKey, timestamp, nonce, userID)
    self.secrets = Self.common + secrets.filter { !Self.common.contains($0) }
  }

  /// All styles: as the headers, camel, snake, in one word, and with the shorter names that other APIs use.
  static let all = [
    FieldNames("access-key", "timestamp", "nonce-str", "user-id", ["secret-key"]),
    FieldNames("accessKey", "timestamp", "nonceStr", "userId", ["accessSecret", "secretKey"]),
    FieldNames("access_key", "timestamp", "nonce_str", "user_id", ["access_secret", "secret_key", "app_secret"]),
    FieldNames("accesskey", "timestamp", "noncestr", "userid", ["accesssecret", "secretkey", "appsecret"]),
    FieldNames("AccessKey", "Timestamp", "NonceStr", "UserId", ["AccessSecret", "SecretKey", "AppSecret"]),
    FieldNames("accessKey", "timestamp", "nonce", "userId", ["accessSecret", "secretKey"]),
    FieldNames("access_key", "timestamp", "nonce", "user_id", ["access_secret", "secret_key", "app_secret"]),
    FieldNames("appKey", "timestamp", "nonceStr", "userId", ["secretKey"]),
    FieldNames("app_key", "timestamp", "nonce", "user_id", ["app_secret"]),
  ]
}

/// What stands between a name and its value, and between fields.
struct FieldJoin: Hashable {
  let assignment: String
  let separator: String

  private init(_ assignment: String, _ separator: String) {
    (self.assignment, self.separator) = (assignment, separator)
  }

  /// `k=v&…` and `kv…`.
  static let usual = [FieldJoin("=", "&"), FieldJoin("", "")]
  /// The less usual ones that are tried with parts of the request as well.
  static let more = usual + [FieldJoin("=", ""), FieldJoin(":", "\n")]
  /// All of them.
  static let all =
    more + [
      FieldJoin("=", "\n"), FieldJoin("=", ","), FieldJoin(":", ","), FieldJoin(":", ""), FieldJoin("=", "|"),
      FieldJoin("=", ";"),
      FieldJoin(":", "&"), FieldJoin("", "&"), FieldJoin(":", ";"), FieldJoin("", "\n"),
    ]
}
