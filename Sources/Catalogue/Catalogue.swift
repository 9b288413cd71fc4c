import CResources
import Crypto
public import JSON
import Synchronization

/// Every operation of the PandaPon API, as one OpenAPI 3.1 document describes it.
///
/// Immutable and cheap to copy; schemas are built when an operation is first asked for them. The document is made from
/// `catalogue/*.yaml` by `catalogue-tool` and embedded in the program.
public struct Catalogue: Sendable {
  /// SHA-256 of the document, as lower-case hex: which catalogue a run began with.
  public let digest: String
  /// All operations, in the order of the vendor's menu.
  public let operations: [Operation]
  private let positions: [String: Int]

  /// Reads a merged OpenAPI document.
  ///
  /// - Throws: `CatalogueError` where an operation is incomplete; schemas and rules are checked by `validate()`.
  public init(parsing document: JSON) throws(CatalogueError) {
    try self.init(document, digest: document.bytes(.canonical).withUnsafeBytes(Self.digest))
  }

  private init(_ document: JSON, digest: String) throws(CatalogueError) {
    self.digest = digest
    operations = try OperationReader(document: document).operations()
    var positions: [String: Int] = [:]
    for (index, operation) in operations.enumerated() {
      guard positions.updateValue(index, forKey: operation.id) == nil else {
        throw CatalogueError("two operations have this id", at: operation.id)
      }
    }
    self.positions = positions
  }

  private static func digest(of bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  /// The operation of that id, e.g. `taobao.refunds.cancel`.
  public subscript(id: String) -> Operation? {
    positions[id].map { operations[$0] }
  }
}

extension Catalogue {
  private static let cache = Mutex<Catalogue?>(nil)

  /// The catalogue inside this program, read once per process.
  ///
  /// - Throws: `CatalogueError` where the embedded document is missing or damaged: a fault of the build.
  public static func embedded() throws(CatalogueError) -> Catalogue {
    if let known = cache.withLock({ $0 }) { return known }
    let read = try readEmbedded()
    return cache.withLock { known in
      if let known { return known }
      known = read
      return read
    }
  }

  private static func readEmbedded() throws(CatalogueError) -> Catalogue {
    var length = 0
    guard let start = ebb_resource("catalogue.json", &length) else {
      throw CatalogueError("the program was built without it")
    }
    let bytes = UnsafeBufferPointer(start: start, count: length)
    do {
      return try Catalogue(JSON(parsing: bytes), digest: digest(of: UnsafeRawBufferPointer(bytes)))
    } catch let error as CatalogueError {
      throw error
    } catch {
      throw CatalogueError("it is no JSON: \(error)")
    }
  }
}

/// A 64-bit FNV-1a hash: tells two documents apart, protects nothing.
enum Fingerprint {
  static func of(_ bytes: some Sequence<UInt8>) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
