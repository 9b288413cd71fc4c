import JSON
public import Redaction

extension VaultContents {
  static let settings = "settings"
  static let accessSecret = "access_secret"
  static let channelPrefix = "channel:"

  /// The names of the profiles, sorted.
  public var profileNames: [String] { names.filter { !$0.isEmpty && !$0.hasPrefix(Self.channelPrefix) } }

  var names: [String] { Set(records.map(\.place.profile)).sorted() }

  /// A profile's settings.
  ///
  /// - Throws: ``VaultError`` `unknown` where there is none of that name.
  public func profile(_ name: String) throws(VaultError) -> ProfileSheet {
    guard let record = record(name, Self.settings), profileNames.contains(name) else { throw unknownProfile(name) }
    do throws(ProfileSheetError) {
      return try ProfileSheet(try object(in: record, of: name), isOurs: true)
    } catch {
      throw .tampered("\(name)/\(Self.settings): \(error.description)")
    }
  }

  private func object(in record: VaultRecord, of name: String) throws(ProfileSheetError) -> JSONObject {
    guard let bytes = try? open(record), let object = bytes.withBytes({ try? JSON(parsing: $0) })?.object else {
      throw ProfileSheetError(member: Self.settings, problem: .kind("what was sealed"))
    }
    return object
  }

  /// Adds a profile with its secret in the stage CURRENT.
  ///
  /// - Throws: ``VaultError`` `taken` where there is one of that name, `refused` for a name that cannot be one.
  public mutating func addProfile(_ name: String, _ sheet: ProfileSheet, secret: SecretBytes) throws(VaultError) {
    try check(name)
    try put(sheet, of: name)
    try add(secret, to: name, Self.accessSecret, .secret)
  }

  /// Replaces a profile's settings; its secrets stay.
  public mutating func setProfile(_ name: String, _ sheet: ProfileSheet) throws(VaultError) {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    try put(sheet, of: name)
  }

  /// Changes one thing of a profile's settings.
  mutating func edit(_ name: String, _ change: (inout ProfileSheet) -> Void) throws(VaultError) {
    var sheet = try profile(name)
    change(&sheet)
    try put(sheet, of: name)
  }

  /// Removes a profile and its secrets.
  public mutating func removeProfile(_ name: String) throws(VaultError) {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    removeAll(of: name)
    if try defaultProfile() == name { try setDefaultProfile(nil) }
  }

  /// Gives a profile another name.
  public mutating func renameProfile(_ name: String, to other: String) throws(VaultError) {
    guard profileNames.contains(name) else { throw unknownProfile(name) }
    try check(other)
    for record in records where record.place.profile == name { try move(record) { $0.profile = other } }
    if try defaultProfile() == name { try setDefaultProfile(other) }
  }

  // MARK: The default

  /// The profile that is used when none is named; nil where that was not said.
  public func defaultProfile() throws(VaultError) -> String? {
    guard let record = record("", Self.settings) else { return nil }
    return try open(record).withBytes { try? JSON(parsing: $0) }?["default_profile"]?.string
  }

  /// Says which profile is used when none is named.
  ///
  /// - Throws: ``VaultError`` `unknown` where there is none of that name.
  public mutating func setDefaultProfile(_ name: String?) throws(VaultError) {
    if let name, !profileNames.contains(name) { throw unknownProfile(name) }
    let object: JSON = name.map { ["default_profile": .string($0)] } ?? [:]
    try put(SecretBytes(unregistered: object.bytes()), to: "", Self.settings, .settings)
  }

  // MARK: Signing

  /// Keeps the recipe by which requests are signed.
  ///
  /// - Parameter verified: when the API accepted it, in milliseconds since 1970 UTC; nil where it is assumed.
  public mutating func setSigning(
    _ recipe: ProfileSheet.Signing, of name: String, verified: Int64?
  ) throws(VaultError) {
    try edit(name) { sheet in
      sheet.signing = recipe
      sheet.signingVerified = verified
    }
  }

  /// Notes that an operation has answered properly.
  public mutating func markProven(_ operation: String, of name: String) throws(VaultError) {
    try edit(name) { $0.proven.insert(operation) }
  }

  // MARK: Names

  private mutating func put(_ sheet: ProfileSheet, of name: String) throws(VaultError) {
    try put(SecretBytes(unregistered: JSON.object(sheet.json).bytes()), to: name, Self.settings, .settings)
  }

  private func check(_ name: String) throws(VaultError) {
    guard Self.isLegal(name) else {
      throw .refused(
        "a profile cannot be named \"\(redact(name))\"",
        hint: "a name has letters, digits, _ and - only, and \(Self.longestName) of them at most")
    }
    guard !profileNames.contains(name) else {
      throw .taken(
        "there is a profile \"\(name)\" in the vault already", hint: "`ebb profiles edit \(name)` changes it")
    }
  }

  static func isLegal(_ name: String) -> Bool {
    1...longestName ~= name.utf8.count
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  func unknownProfile(_ name: String) -> VaultError {
    let names = profileNames
    return .unknown(
      "there is no profile \"\(name)\" in the vault",
      hint: names.isEmpty ? "`ebb profiles add` makes one" : "there are: \(names.joined(separator: ", "))")
  }
}
