import Foundation

/// A TCP connection to 127.0.0.1 that says exactly what it is told, for peers that no client library would play.
///
/// Whoever waits on it does so in a thread of its own: the pool that runs tests has few, and the server needs them.
public final class RawPeer: Sendable {
  private let socket: Int32

  public struct Failed: Error {
    public let code: Int32
  }

  public init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failed(code: errno) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  /// Sends text; false where the peer has gone.
  @discardableResult
  public func say(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Everything until the server closes; nil where it does not within the socket's limit.
  public func hearAll() async -> String? {
    await aside { self.receiveAll() }
  }

  private func receiveAll() -> String? {
    var heard: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count > 0 {
        heard += buffer.prefix(count)
      } else if count == 0 || errno == ECONNRESET {
        return String(decoding: heard, as: UTF8.self)
      } else if errno != EINTR {
        return nil
      }
    }
  }

  /// What comes next; nil where nothing does within the socket's limit, or the server closed.
  public func hear() async -> String? {
    await aside {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(self.socket, &buffer, buffer.count, 0)
      return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }
  }

  /// Sends a byte each time until the server closes; how many it took.
  public func trickle(_ text: String, every pause: UInt32, atMost: Int) async -> Int {
    await aside {
      for count in 0..<atMost {
        guard self.say(text) else { return count }
        usleep(pause)
      }
      return atMost
    }
  }

  private func aside<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { waiting in
      Thread.detachNewThread { waiting.resume(returning: work()) }
    }
  }
}
