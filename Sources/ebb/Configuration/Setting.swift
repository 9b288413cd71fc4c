import JSON

/// Where a setting came from.
enum Origin: Hashable, Sendable, CustomStringConvertible {
  /// Ebb's own default.
  case standard
  /// A line of `ebb.yaml`, counted from 1.
  case file(path: String, line: Int)
  /// An environment variable.
  case environment(String)
  /// An option of the command line.
  case option(String)
  /// The vault.
  case vault

  /// As `ebb config show` and error messages name it, e.g. `ebb.yaml:7`, `EBB_BASE_URL`, `--store`, `vault`, `default`.
  var description: String {
    switch self {
    case .standard: "default"
    case .file(let path, let line): "\(path.split(separator: "/").last ?? "ebb.yaml"):\(line)"
    case .environment(let name), .option(let name): name
    case .vault: "vault"
    }
  }
}

/// A value together with where it came from.
struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
  /// What holds.
  var value: Value
  /// Where it was said.
  var origin: Origin
}

/// The settings of a profile that are single values, with the name each has in `ebb.yaml` and in the environment.
enum ProfileKey: String, CaseIterable, Sendable {
  case baseURL = "base_url"
  case userID = "user_id"
  case payload = "signing.payload"
  case digest = "signing.digest"
  case encoding = "signing.encoding"
  case timestamp = "signing.timestamp"
  case callbacks = "signing.callbacks"
  case quota = "quota"

  /// The variable that overrides it; nil where there is none.
  var variable: String? {
    switch self {
    case .baseURL: "EBB_BASE_URL"
    case .userID: "EBB_USER_ID"
    case .payload: "EBB_SIGNING_PAYLOAD"
    case .digest: "EBB_SIGNING_DIGEST"
    case .encoding: "EBB_SIGNING_ENCODING"
    case .timestamp: "EBB_SIGNING_TIMESTAMP"
    case .callbacks: "EBB_SIGNING_CALLBACKS"
    case .quota: nil
    }
  }
}

/// One shop's account as it was written down, before ``Configuration/profile(named:)`` checks it.
struct ProfileSettings: Sendable {
  /// Its name: a key of `profiles`, or `env`.
  var name: String
  /// Where it begins.
  var origin: Origin
  /// Single values, as text.
  var values: [ProfileKey: Setting<String>] = [:]
  /// Grades of evidence and operation ids that may go to the real API although no page documents their path.
  var allow: [Setting<String>] = []
  /// Paths for operations, by operation id.
  var paths: [String: Setting<String>] = [:]
  /// Guards by name, for all playbooks of the shop together.
  var guards = JSONObject()
  /// Where they stand.
  var guardsOrigin: Origin?
  /// How many of its runs `ebb serve` advances at once.
  var concurrency: Setting<Int>?
  /// Whether the vault has more of it, sealed: see ``Configuration/completed(_:)``.
  var isInVault = false
}
