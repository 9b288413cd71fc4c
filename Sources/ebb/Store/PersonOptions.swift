import ArgumentParser
import Foundation
import Journal
import Playbooks

/// Who does something by hand: what the store keeps beside it.
struct PersonOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("Who does it, for the record; else the user and the host.", valueName: "name"))
  var person: String?

  /// The person: the name given, or `user@host`.
  func name() throws(CommandFailure) -> String {
    guard let person else { return Self.current }
    let name = Terminal.clean(person.trimmingCharacters(in: .whitespaces))
    guard !name.isEmpty, name.utf8.count <= 100 else {
      throw .usage("--as needs a name of 1 to 100 bytes", hint: "e.g. --as li.wei", label: "person")
    }
    return name
  }

  /// Signs what is done now.
  ///
  /// - Throws: `CommandFailure` of status `usage` where the name or the reason cannot be recorded.
  func signature(why: String? = nil) throws(CommandFailure) -> Signature {
    Signature(
      by: try name(), why: try why.map { text throws(CommandFailure) in try Reason.checked(text) },
      at: SystemClock().now())
  }

  /// The user that this process runs as, and the machine.
  static var current: String {
    let user = getpwuid(getuid()).flatMap { String(validatingCString: $0.pointee.pw_name) } ?? "uid \(getuid())"
    return "\(user)@\(WorkerIdentity.hostName)"
  }
}
