/// The result of some work, or nil where it takes longer than a deadline.
///
/// Late work is neither cancelled nor waited for: it may still make its event durable, and then the vendor's next attempt
/// is a duplicate.
func result<Value: Sendable>(
  within deadline: Duration, of work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
  let (results, first) = AsyncStream<Result<Value, any Error>?>.makeStream(bufferingPolicy: .bufferingOldest(1))
  Task {
    do {
      first.yield(.success(try await work()))
    } catch {
      first.yield(.failure(error))
    }
    first.finish()
  }
  let timer = Task {
    try await Task.sleep(for: deadline)
    first.yield(nil)
    first.finish()
  }
  defer { timer.cancel() }
  for await result in results { return try result?.get() }
  return nil
}
