/// Hands out channels by name; where they are kept is its own affair.
public protocol ChannelSource: Sendable {
  /// The names of all channels, sorted.
  ///
  /// - Throws: ``ChannelError`` where they cannot be had, such as from a vault that is locked.
  func names() async throws(ChannelError) -> [String]

  /// The channel of that name; nil where there is none.
  ///
  /// - Throws: ``ChannelError`` where it cannot be had, or what is kept of it cannot be used.
  func channel(named name: String) async throws(ChannelError) -> Channel?
}

/// Keeps channels: what `ebb channels add` and `remove` change.
public protocol ChannelKeeper: ChannelSource {
  /// Keeps a channel, in place of one of the same name.
  func keep(_ channel: Channel) async throws(ChannelError)

  /// Forgets a channel; false where there was none.
  func remove(_ name: String) async throws(ChannelError) -> Bool
}
