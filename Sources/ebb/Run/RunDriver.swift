import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// Advances runs of one store in this process: the composition of clients, store and the runs' engine.
struct RunDriver: Sendable {
  let catalogue: Catalogue
  let configuration: Configuration
  let store: any Journal
  /// Whether a person is there to resume what is interrupted.
  var isAttended = true
  private let shops: Shops
  private let leases: LeaseKeeper
  /// Messages to people leave by it.
  let post: ChannelPost

  /// A driver for runs of that store.
  ///
  /// - Parameter shops: what it reaches; nil for the configuration's.
  init(_ store: any Journal, configuration: Configuration, catalogue: Catalogue, shops: Shops? = nil) {
    self.store = store
    self.configuration = configuration
    self.catalogue = catalogue
    self.shops = shops ?? Shops(configuration)
    leases = LeaseKeeper(journal: store)
    post = ChannelPost(VaultChannels(door: configuration.vault))
  }

  /// Closes all connections; to be called once nothing is advanced any more.
  func close() async {
    await post.close()
    await shops.shutdown()
  }

  /// Records a run and advances it.
  ///
  /// - Parameter conditions: checked in the transaction that records it.
  func start(
    _ assignment: RunAssignment, requiring conditions: [StartCondition] = [], _ display: RunDisplay
  ) async throws -> Advance {
    var assignment = assignment
    if let store = store as? any Store {
      // As they are now: a replay shows the script the same.
      assignment.tags = try await store.holds(at: SystemClock().now()).tags(for: assignment.profile)
    }
    return try await RunAdvance.start(
      assignment, requiring: conditions, in: try await surroundings(for: assignment.profile, display))
  }

  /// Lets a recorded run go on.
  func resume(_ run: RunRecord, _ display: RunDisplay) async throws -> Advance {
    try await RunAdvance.resume(
      run.id, guards: try guards(of: run.playbook, for: run.profile), profileGuards: try guards(of: run.profile),
      in: try await surroundings(for: run.profile, display))
  }

  /// What only asks of a shop: for plans.
  func reader(for profile: String) async throws -> ReadingClient { try await shops.client(for: profile).reader }

  private func surroundings(for profile: String, _ display: RunDisplay) async throws -> RunSurroundings {
    let client = try await shops.client(for: profile)
    var surroundings = RunSurroundings(
      catalogue: catalogue, reader: client, writer: client, journal: store, leases: leases,
      observer: { display.observe($0) })
    surroundings.isAttended = isAttended
    surroundings.notices = .live(post)
    return surroundings
  }

  /// What all playbooks of a shop are held to; nothing where it is in no configuration.
  func guards(of profile: String) throws(CommandFailure) -> Guards {
    guard let settings = configuration.profiles[profile] else {
      // What a vault that cannot be read says of the shop's limits is not known: nothing may go on without them.
      if let failure = configuration.vaultFailure { throw CommandFailure(failure) }
      return Guards()
    }
    return try configuration.guards(of: settings)
  }

  /// What `ebb.yaml` says of a playbook's limits today: it can only tighten those of its header.
  func guards(of playbook: String, for profile: String) throws(CommandFailure) -> Guards {
    do throws(ParameterProblem) {
      let guards = try Guards(parsing: .object(configuration.playbook(playbook).guards(for: profile)))
      try guards.check(against: catalogue)
      return guards
    } catch {
      throw .configuration("ebb.yaml, playbooks: \(error.description)", hint: error.hint, label: "playbook_settings")
    }
  }
}
