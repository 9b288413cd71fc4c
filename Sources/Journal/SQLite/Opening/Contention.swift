internal import Foundation
internal import GRDB

/// Processes that open a new store at the same moment. While one of them makes it and changes it to WAL, SQLite refuses the
/// others at once, since waiting for each other could never end. They come again.
enum Contention {
  /// Does something again for as long as other processes are in its way; what it did before it failed must not matter.
  static func outlast<Value>(_ patience: Duration, _ body: () throws -> Value) throws -> Value {
    let end = ContinuousClock.now + patience
    while true {
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < end {
        // Not in step with the others.
        usleep(.random(in: 1000...10_000))
      }
    }
  }
}
