import Crypto

/// Sends messages over channels, each at the pace that its service allows; one for all who send in a process.
public actor Courier {
  /// Whether a message may leave now.
  public enum Admission: Hashable, Sendable {
    /// It may, and counts.
    case granted
    /// Not before that instant, in milliseconds since 1970.
    case later(Int64)
    /// There is no channel of that name; those that there are.
    case unknown([String])
    /// Channels cannot be had.
    case closed(ChannelError)
  }

  /// What became of sending a message once.
  public enum Delivery: Hashable, Sendable {
    /// The service took it.
    case delivered(isCut: Bool)
    /// The service will not take it: what it says.
    case refused(String)
    /// It certainly did not arrive: why, and when to try again in milliseconds since 1970, where the service says so.
    case notSent(String, retryAt: Int64?)
    /// It may have arrived: why that is not known.
    case unclear(String)
  }

  private let source: any ChannelSource
  private let transport: any ChannelTransport
  private let clock: any ChannelClock
  /// By a digest of the address: names that lead to the same group share what the service counts, and no token is kept.
  private var buckets: [[UInt8]: TokenBucket] = [:]

  /// A courier for the channels of that source.
  public init(
    _ source: any ChannelSource, transport: any ChannelTransport, clock: any ChannelClock = SystemChannelClock()
  ) {
    self.source = source
    self.transport = transport
    self.clock = clock
  }

  /// The names of all channels, sorted.
  public func names() async throws(ChannelError) -> [String] { try await source.names() }

  /// Asks whether a message may leave over a channel; where it may, one token of the channel's is taken.
  public func admit(to name: String) async -> Admission {
    do throws(ChannelError) {
      guard let channel = try await source.channel(named: name) else { return .unknown(try await source.names()) }
      let now = clock.now()
      let instant = withBucket(of: channel, now: now) { $0.take(now: now) }
      return instant.map { .later($0) } ?? .granted
    } catch {
      return .closed(error)
    }
  }

  /// Sends a message that was admitted, once.
  public func send(_ message: Message, over name: String) async -> Delivery {
    let channel: Channel
    do throws(ChannelError) {
      guard let found = try await source.channel(named: name) else {
        return .refused("there is no channel \"\(name)\" any more")
      }
      channel = found
    } catch {
      return .notSent(error.description, retryAt: nil)
    }
    let request = channel.request(message.redacted(), now: clock.now())
    do throws(ChannelTransportError) {
      return delivery(channel.judge(try await transport.exchange(request)), request, over: channel)
    } catch {
      return error.isNotSent ? .notSent(error.description, retryAt: nil) : .unclear(error.description)
    }
  }

  private func delivery(_ verdict: Verdict, _ request: ChannelRequest, over channel: Channel) -> Delivery {
    switch verdict {
    case .delivered: return .delivered(isCut: request.isCut)
    case .refused(let reason): return .refused(reason)
    case .unclear(let reason): return .unclear(reason)
    case .busy(let reason, let wait):
      guard let wait else { return .notSent(reason, retryAt: nil) }
      let now = clock.now()
      withBucket(of: channel, now: now) { $0.close(until: now + wait) }
      return .notSent(reason, retryAt: now + wait)
    }
  }

  private func withBucket<Result>(
    of channel: Channel, now: Int64, _ body: (inout TokenBucket) -> Result
  ) -> Result {
    let digest = Array(SHA256.hash(data: Array(channel.address.secret.text.utf8)))
    return body(&buckets[digest, default: TokenBucket(channel.kind.service.pace, now: now)])
  }

  // MARK: Without a journal

  /// Delivers a message for whoever keeps no record of it: waits its turn, and tries three times in all.
  ///
  /// What may have arrived is sent once more, marked as a repetition, and then given up: people get a message twice at
  /// most.
  ///
  /// - Parameter patience: the longest that it waits for its turn, in milliseconds.
  public func deliver(_ message: Message, over name: String, patience: Int64 = 60_000) async -> Delivery {
    var message = message
    var last = Delivery.notSent("it was not tried", retryAt: nil)
    for attempt in 1...Self.attempts {
      if let obstacle = await turn(over: name, patience: patience) { return obstacle }
      last = await send(message, over: name)
      switch last {
      case .delivered, .refused: return last
      case .unclear where message.isRepeated: return last
      case .unclear: message.isRepeated = true
      case .notSent(_, let instant):
        if let instant, instant - clock.now() > patience { return last }
      }
      guard attempt < Self.attempts, (try? await clock.sleep(for: Self.pause)) != nil else { break }
    }
    return last
  }

  private static let attempts = 3
  /// Between two attempts, in milliseconds.
  private static let pause: Int64 = 1000

  /// Waits until a message may leave; nil once it may.
  private func turn(over name: String, patience: Int64) async -> Delivery? {
    let end = clock.now() + patience
    while true {
      switch await admit(to: name) {
      case .granted: return nil
      case .unknown: return .refused("there is no channel \"\(name)\"")
      case .closed(let error): return .notSent(error.description, retryAt: nil)
      case .later(let instant):
        let now = clock.now()
        guard instant <= end, (try? await clock.sleep(for: max(1, instant - now))) != nil else {
          return .notSent("its turn does not come in time", retryAt: instant)
        }
      }
    }
  }
}
