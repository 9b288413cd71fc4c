import Foundation
import Journal
import Testing

@Suite struct SQLiteStoreTests {
  @Test(arguments: JournalConformance.all)
  func conforms(_ conformance: JournalConformance) async throws {
    let folder = try StoreFolder()
    try await conformance.check(SQLiteStore(path: folder.store))
  }

  @Test func changesEndWithTheStore() async throws {
    let folder = try StoreFolder()
    var store: SQLiteStore? = try SQLiteStore(path: folder.store)
    guard let stream = await store?.changes() else { return }
    store = nil
    var seen = 0
    for await _ in stream { seen += 1 }
    #expect(seen == 0)
  }
}
