import Journal
import Synchronization
import Vault

/// The store's payloads, sealed with the store keys of the vault; the vault is opened for the first payload, not before.
///
/// Reading the store is no use of a shop's secret: it is not in the vault's trail.
final class SealedPayloads: PayloadCodec {
  private let door: VaultDoor
  /// Whether the store has payloads from before it was sealed.
  private let acceptsPlain: Bool
  private let sealer = Mutex<PayloadSealer?>(nil)

  init(_ door: VaultDoor, acceptsPlain: Bool) {
    self.door = door
    self.acceptsPlain = acceptsPlain
  }

  func seal(_ bytes: [UInt8], at place: PayloadPlace) throws -> [UInt8] {
    try failing { () throws(VaultError) in try present().seal(bytes, associatedData: place.associatedData) }
  }

  func open(_ bytes: [UInt8], at place: PayloadPlace) throws -> [UInt8] {
    guard PayloadSealer.isSealed(bytes) else {
      guard acceptsPlain else {
        throw JournalError.damaged(
          "a \(place.kind.rawValue) of \(place.owner) is not sealed, in a store that was sealed from the beginning")
      }
      return bytes
    }
    do throws(VaultError) {
      return try present().open(bytes, associatedData: place.associatedData)
    } catch  where error.label == "unknown" {
      // Another process may have made a new store key.
      return try failing { () throws(VaultError) in
        try fresh().open(bytes, associatedData: place.associatedData)
      }
    } catch  where error.label == "tampered" {
      throw JournalError.damaged("a \(place.kind.rawValue) of \(place.owner) is not what was sealed for it")
    } catch {
      throw Self.locked(error)
    }
  }

  private func present() throws(VaultError) -> PayloadSealer {
    if let known = sealer.withLock({ $0 }) { return known }
    return try fresh()
  }

  private func fresh() throws(VaultError) -> PayloadSealer {
    guard door.isThere else {
      throw .noKey(
        "the store is sealed, and there is no vault at \(door.path)",
        hint: "put the vault that it was used with in its place, or name it with EBB_VAULT")
    }
    let fresh = try door.open().read { contents throws(VaultError) in try contents.payloadSealer() }
    sealer.withLock { $0 = fresh }
    return fresh
  }

  private func failing<Value>(_ body: () throws(VaultError) -> Value) throws(JournalError) -> Value {
    do throws(VaultError) {
      return try body()
    } catch {
      throw Self.locked(error)
    }
  }

  private static func locked(_ error: VaultError) -> JournalError {
    .locked("the store is sealed: \(error.description)", hint: error.hint)
  }
}
