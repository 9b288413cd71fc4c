import Foundation
import JSON
import PandaPon
import Redaction
import Vault

/// A profile as a person gives it: by standard input, or asked for on the terminal.
struct ProfileInput {
  var sheet: ProfileSheet
  var secret: SecretBytes

  private static let secretMember = "access_secret"

  /// One JSON object on standard input.
  static func fromStandardInput() throws(CommandFailure) -> ProfileInput {
    let (object, secret) = try object()
    guard let secret else {
      throw mistake(
        "\(secretMember) is missing", "a profile has base_url, access_key and access_secret", "profile_member_missing")
    }
    return ProfileInput(sheet: try sheet(object), secret: secret)
  }

  /// What stands on standard input, its secret apart: the secret is in no `String`.
  static func object() throws(CommandFailure) -> (object: JSONObject, secret: SecretBytes?) {
    let members: SecretMembers
    do {
      members = try SecretMembers(try SecretInput.all(), names: [secretMember])
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw mistake("\(error)", #"e.g. {"base_url": "…", "access_key": "…", "access_secret": "…"}"#, "profile_json")
    }
    var object = members.rest.object ?? JSONObject()
    object.removeValue(forKey: secretMember)
    let secret = members.secrets[secretMember]
    secret?.withBytes { hide(secret: $0) }
    return (object, secret)
  }

  /// The sheet of an object.
  static func sheet(_ object: JSONObject, isOurs: Bool = false) throws(CommandFailure) -> ProfileSheet {
    do throws(ProfileSheetError) {
      return try ProfileSheet(object, isOurs: isOurs)
    } catch {
      let known = error.known.isEmpty ? [] : error.known + (error.member.contains(".") ? [] : [secretMember])
      let word = error.member.split(separator: ".").last.map(String.init) ?? error.member
      throw mistake(redact(error.description), Suggestion.hint(for: word, in: known), error.label)
    }
  }

  private static func mistake(_ message: String, _ hint: String?, _ label: String) -> CommandFailure {
    .usage("standard input: \(message)", hint: hint, label: label)
  }

  // MARK: Asking

  /// Asks for what every profile has, and says where it is found.
  static func asking() throws(CommandFailure) -> ProfileInput {
    guard Terminal.current.canAsk else {
      throw .usage(
        "nobody can be asked here", hint: "--from-stdin takes one JSON object: base_url, access_key, access_secret",
        label: "nobody_to_ask")
    }
    Terminal.printError(
      "PandaPon's console shows the AccessKey and the Access Secret under AccessKey management (AccessKey管理).")
    let baseURL = try ask("Base URL", standard: "\(BaseURL.production)")
    let accessKey = try ask("AccessKey")
    guard let secret = HiddenInput.ask("Access Secret (not shown): ") else {
      throw CommandFailure(.interrupted, "interrupted")
    }
    var sheet = ProfileSheet(baseURL: baseURL, accessKey: accessKey)
    let userID = try ask("user-id of a sub-account (Enter for none)", standard: "")
    sheet.userID = userID.isEmpty ? nil : userID
    return ProfileInput(sheet: sheet, secret: secret)
  }

  /// Asks for one value.
  ///
  /// - Parameter standard: what an empty line means; nil where there has to be a value.
  static func ask(_ question: String, standard: String? = nil) throws(CommandFailure) -> String {
    while true {
      let shown = standard.map { $0.isEmpty ? "" : " [\(Terminal.clean($0))]" } ?? ""
      Terminal.write("\(question)\(shown): ", to: STDERR_FILENO)
      guard let line = readLine() else { throw CommandFailure(.interrupted, "interrupted") }
      let answer = line.trimmingCharacters(in: .whitespaces)
      if !answer.isEmpty { return answer }
      if let standard { return standard }
    }
  }
}

extension Configuration {
  /// Looks at a profile as the client would, before it is sealed.
  ///
  /// - Throws: `CommandFailure` of status `usage` that names the member which cannot be used.
  func check(_ sheet: ProfileSheet, named name: String, secret: SecretBytes? = nil) throws(CommandFailure) {
    do throws(CommandFailure) {
      let settings = ProfileSettings(name: name, sheet, origin: .option("profile"))
      _ = try checkedProfile(settings)
      _ = try guards(of: settings)
      if let secret { try check(sheet.accessKey, secret) }
    } catch {
      var failure = error
      failure.status = .usage
      throw failure
    }
  }

  private func check(_ accessKey: String, _ secret: SecretBytes) throws(CommandFailure) {
    do throws(CredentialsError) {
      _ = try Credentials(accessKey: accessKey, secret: secret)
    } catch {
      throw .configuration(
        error.description, hint: "copy it from PandaPon's console, AccessKey management, without what stands around it",
        label: error.label)
    }
  }
}
