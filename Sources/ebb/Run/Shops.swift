import Foundation
import JSON
import PandaPon
import Playbooks

/// The shops that this process reaches: one client for each profile, so that all its runs share the profile's quota.
actor Shops {
  private let configuration: Configuration?
  private let transport = HTTPTransport()
  private var clients: [String: Client] = [:]
  private let observer: @Sendable (Exchange) -> Void
  private let proven: ProvenOperations?

  /// The shops of that configuration.
  ///
  /// - Parameter observer: told of every request that left, and what became of it.
  init(_ configuration: Configuration, observer: @escaping @Sendable (Exchange) -> Void = { _ in }) {
    self.configuration = configuration
    let proven = ProvenOperations(configuration)
    self.proven = proven
    self.observer = { exchange in
      observer(exchange)
      proven.note(exchange)
    }
  }

  /// One shop that is in no configuration.
  init(only profile: Profile, _ credentials: any CredentialSource) {
    configuration = nil
    observer = { _ in }
    proven = nil
    clients[profile.name] = Client(profile: profile, credentials: credentials, transport: transport)
  }

  /// The client of a profile.
  ///
  /// - Throws: `CommandFailure` of status `configuration` where the profile is not configured.
  func client(for profile: String) throws(CommandFailure) -> Client {
    if let client = clients[profile] { return client }
    guard let configuration else { throw .configuration("there is no profile \"\(profile)\"") }
    let (checked, credentials) = try configuration.profile(named: profile)
    let client = Client(profile: checked, credentials: credentials, transport: transport, observer: observer)
    clients[profile] = client
    return client
  }

  /// Closes all connections.
  func shutdown() async {
    try? await transport.shutdown()
    await proven?.close()
  }
}
