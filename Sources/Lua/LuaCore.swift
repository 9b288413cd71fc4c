import CLuaShim
import JSON

/// What a state, its functions and the callbacks of C share: the context of C and what the host has registered.
final class LuaCore {
  struct Registered {
    let name: String
    let waits: Bool
    let body: (borrowing HostCall) -> HostReply
  }

  let limits: LuaLimits
  let context: OpaquePointer
  /// Looked for by name once in the life of a state: a dictionary of them would take a kilobyte of every state.
  var functions: [Registered] = []
  /// What adds more functions, the last to be asked first.
  var sources: [() -> Void] = []
  var zoneOffset: (Int64) -> Int = { _ in 0 }
  var moduleLoader: (String) -> LuaModule = { .missing("module '\($0)' was not found: nothing can be loaded here") }
  /// Told of each line of the merchant's that runs.
  var line: (String, Int) -> Void = { _, _ in }
  var current = LuaBranch.main
  /// Names of the merchant's chunks: a place in a message is believed when it is in one of them.
  var files: Set<String> = []
  private var replies = ReplyStore()
  /// The function that was answered last, kept until the resume ends: C still has to fetch it.
  private var answered: LuaFunction?

  init(limits: LuaLimits) throws(LuaError) {
    self.limits = limits
    var callbacks = LuaCore.callbacks()
    guard let context = ebb_state_new(&callbacks, limits.memory, limits.sliceTicks) else {
      throw LuaError(kind: .memory, message: "there is no memory for another Lua state")
    }
    self.context = context
    ebb_state_bind(context, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit { ebb_state_close(context) }

  // MARK: - Answers

  func reply(_ answer: HostReply) -> ebb_reply {
    switch answer {
    case .values(let values): return replies.values(values.map { $0.bytes(.compact) })
    case .bytes(let documents): return replies.values(documents)
    case .function(let function):
      answered = function
      return ebb_reply(kind: EBB_REPLY_FUNCTION, bytes: nil, ends: nil, count: 0, reference: function.reference)
    case .raise(let raise): return replies.raise(raise)
    case .suspend: return ebb_reply(kind: EBB_REPLY_SUSPEND, bytes: nil, ends: nil, count: 0, reference: 0)
    }
  }

  func reply(_ resumption: LuaResumption) -> ebb_reply {
    switch resumption {
    case .start(let values): replies.values(values.map { $0.bytes(.compact) })
    case .returns(let documents): replies.values(documents)
    case .raises(let raise): replies.raise(raise)
    }
  }

  /// After a resume: gives back what its answers have taken.
  func settle() {
    replies.shrink()
    answered = nil
  }

  // MARK: - Callbacks of C

  /// The function of that name that was registered last.
  private func number(of name: String) -> Int? {
    while true {
      if let number = functions.lastIndex(where: { $0.name == name }) { return number }
      guard let register = sources.popLast() else { return nil }
      register()
    }
  }

  // Not inlined: Swift 6.3's optimiser aborts when it moves the making of a noncopyable struct into a C callback.
  @inline(never)
  func call(_ function: Int, thread: OpaquePointer) -> ebb_reply {
    reply(functions[function].body(HostCall(core: self, thread: thread, branch: current)))
  }

  func module(_ name: String) -> ebb_module {
    let problem: String
    switch moduleLoader(name) {
    case .missing(let message): problem = message
    case .source(let source, let file, let visibility):
      do {
        let reference = try compile(source, name: file, visibility: visibility)
        return ebb_module(host: visibility == .host, reference: reference, message: nil, size: 0)
      } catch {
        problem = error.description
      }
    }
    let answer = replies.values([Array(problem.utf8)])
    return ebb_module(host: false, reference: 0, message: answer.bytes, size: problem.utf8.count)
  }

  private static func callbacks() -> ebb_callbacks {
    ebb_callbacks(
      host: nil,
      call: { host, function, thread, reply in
        guard let core = LuaCore.from(host), let thread, let reply else { return }
        reply.pointee = core.call(Int(function), thread: thread)
      },
      resolve: { host, name, size, waits in
        guard let core = LuaCore.from(host), let number = core.number(of: text(name, size)) else { return -1 }
        waits?.pointee = core.functions[number].waits
        return Int32(number)
      },
      module: { host, name, size, module in
        guard let core = LuaCore.from(host), let module else { return }
        module.pointee = core.module(text(name, size))
      },
      zone_offset: { host, seconds in
        LuaCore.from(host).map { Int64($0.zoneOffset(seconds)) } ?? 0
      },
      line: { host, file, line in
        guard let core = LuaCore.from(host), let file else { return }
        core.line(String(cString: file), Int(line))
      })
  }

  private static func from(_ host: UnsafeMutableRawPointer?) -> LuaCore? {
    host.map { Unmanaged<LuaCore>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// The text of so many bytes.
func text(_ bytes: UnsafePointer<CChar>?, _ size: Int) -> String {
  String(decoding: UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : size), as: UTF8.self)
}
