import CLuaShim
import Glibc
import Synchronization

/// A thread of Ebb's own on which Lua runs, with its timer of CPU time.
///
/// It is a serial executor: an actor that owns a ``LuaState`` pins itself to one.
///
/// ```swift
/// actor Run {
///   private let thread = LuaThread.next()
///   nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
/// }
/// ```
///
/// Jobs run in the order in which they came. A script holds its thread for as long as its slice at most
/// (``LuaLimits/slice``); there are few threads, and they live as long as the process.
public final class LuaThread: SerialExecutor, Sendable {
  private struct Queue {
    var jobs: [UnownedJob] = []
    var next = 0

    mutating func takeFirst() -> UnownedJob? {
      guard next < jobs.count else { return nil }
      defer {
        next += 1
        if next == jobs.count {
          jobs.removeAll(keepingCapacity: jobs.capacity < 4096)
          next = 0
        } else if next > 1024, next > jobs.count / 2 {
          jobs.removeFirst(next)
          next = 0
        }
      }
      return jobs[next]
    }
  }

  /// A semaphore that lives as long as the process, as the threads do.
  ///
  /// `@unchecked`: a `sem_t` is made to be used by several threads at once, and the pointer never changes.
  private struct Semaphore: @unchecked Sendable {
    let pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(pointer, 0, 0) }
    func signal() { sem_post(pointer) }
    func wait() { while sem_wait(pointer) != 0 {} }
  }

  private static let stackSize = 8 << 20
  private static let turn = Atomic<Int>(0)
  private static let pool: [LuaThread] = (0..<max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))).map { _ in LuaThread() }

  private let queue = Mutex(Queue())
  private let waiting = Semaphore()
  private let identity = Atomic<UInt>(0)

  /// The next thread of the process, in turn; as many as there are cores, two at least.
  public static func next() -> LuaThread {
    let number = turn.add(1, ordering: .relaxed).oldValue
    return pool[Int(UInt(bitPattern: number) % UInt(pool.count))]
  }

  private init() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<LuaThread>.fromOpaque(context).takeRetainedValue().work()
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_attr_destroy(&attributes)
    precondition(status == 0, "no thread can be made for Lua: \(String(cString: strerror(status)))")
  }

  /// Adds a job at the end of the queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.withLock { $0.jobs.append(job) }
    waiting.signal()
  }

  /// Stops the process when the calling code does not run on this thread.
  public func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "this state belongs to another Lua thread")
  }

  /// Whether the calling code runs on this thread.
  public func isIsolatingCurrentContext() -> Bool? {
    identity.load(ordering: .acquiring) == pthread_self()
  }

  private func work() -> Never {
    identity.store(pthread_self(), ordering: .releasing)
    ebb_thread_name("ebb-lua")
    // Without a timer every resume on this thread is refused with a message that says so.
    _ = ebb_thread_prepare()
    while true {
      waiting.wait()
      if let job = queue.withLock({ $0.takeFirst() }) {
        job.runSynchronously(on: asUnownedSerialExecutor())
      }
    }
  }
}
