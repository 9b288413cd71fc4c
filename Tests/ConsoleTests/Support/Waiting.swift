/// Waits until something holds that nobody announces.
///
/// It pauses between two looks, and does not only give way: a task that is always ready to go on keeps those of a lower priority
/// from running for ever, the server's among them.
func wait(until condition: () async throws -> Bool) async throws {
  while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
}
