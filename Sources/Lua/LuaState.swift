import CLuaShim

/// One Lua state: the world of one run.
///
/// Scripts run in branches, each a coroutine of its own. A host function that answers ``HostReply/suspend`` stops its
/// branch, whatever the script has put around the call, until ``resume(_:with:)`` brings the answer.
///
/// ```swift
/// let state = try LuaState(seed: 7)
/// state.register("answer", waits: false) { _ in .values([42]) }
/// let chunk = try state.load(source, name: "orders.lua", visibility: .script)
/// let outcome = state.resume(state.start(chunk), with: .start([]))
/// ```
///
/// Not `Sendable`: a state belongs to the actor that owns it, which pins itself to a ``LuaThread``. Once a limit was
/// breached every later resume fails with the same error.
public final class LuaState {
  private let core: LuaCore
  private let seed: UInt64
  private var branches: [Int32: OpaquePointer] = [:]
  private var nextScript: Int32 = 0
  private var nextHost: Int32 = -1

  /// A fresh state with its libraries and nothing of the host's.
  ///
  /// - Parameter seed: what the random numbers of branches derive from that are started without a seed of their own.
  /// - Throws: a ``LuaError`` of kind `memory` where there is none.
  public init(limits: LuaLimits = LuaLimits(), seed: UInt64) throws(LuaError) {
    core = try LuaCore(limits: limits)
    self.seed = seed
  }

  deinit {
    for branch in branches.values { ebb_branch_free(core.context, branch) }
  }

  // MARK: - What the host brings

  /// Adds a host function. Chunks loaded as `.host` reach it by name in the table that is their first argument.
  ///
  /// - Parameters:
  ///   - name: its name there; a second function of the same name takes the place of the first for later look-ups.
  ///   - waits: whether it may answer ``HostReply/suspend``. One that may is not called where waiting is impossible
  ///     (an error is raised instead), so that nothing is begun whose answer cannot be delivered.
  ///   - body: called on the state's thread; it must not resume the same state. It lives as long as the state: what it
  ///     captures must not own the state.
  public func register(_ name: String, waits: Bool = true, _ body: @escaping (borrowing HostCall) -> HostReply) {
    core.functions.append(LuaCore.Registered(name: name, waits: waits, body: body))
  }

  /// Adds host functions once a chunk names one that is not there: each of these is called at most once, in their order,
  /// until the name is there.
  ///
  /// - Parameter sources: call ``register(_:waits:_:)``; what they capture must not own the state.
  public func registerOnDemand(_ sources: [() -> Void]) {
    core.sources = sources.reversed()
  }

  /// What `os.time` and `os.date` see in branches that are resumed from now on, in ms since 1970.
  ///
  /// A branch's clock never goes back.
  public var now: Int64 = 0

  /// Seconds east of UTC at an instant (in seconds since 1970), for `os.date` and `os.time`; 0 at first.
  public var zoneOffset: (Int64) -> Int {
    get { core.zoneOffset }
    set { core.zoneOffset = newValue }
  }

  /// Asked by `require` for a module that is not loaded yet. It has to check the name.
  public var moduleLoader: (String) -> LuaModule {
    get { core.moduleLoader }
    set { core.moduleLoader = newValue }
  }

  /// Tells of each line of the merchant's chunks before it runs, from the next resume on: for coverage. It slows scripts down
  /// several times.
  ///
  /// - Parameter body: called on the state's thread with the file's name and the line from 1; what it captures must not own
  ///   the state.
  public func observeLines(_ body: @escaping (String, Int) -> Void) {
    core.line = body
    ebb_state_cover(core.context)
  }

  /// Memory in use by Lua, in bytes.
  public var memoryInUse: Int { ebb_state_memory(core.context) }

  // MARK: - Running

  /// Compiles a text, never compiled code.
  ///
  /// - Parameters:
  ///   - source: UTF-8, with or without a byte order mark; a first line `#!…` is skipped.
  ///   - name: the file's name, as errors and traces will show it.
  /// - Throws: a ``LuaError`` of kind `source` (another encoding, too long), `syntax` (with file and line, and what to
  ///   type instead of a full-width character) or `memory`.
  public func load(_ source: [UInt8], name: String, visibility: LuaVisibility) throws(LuaError) -> LuaFunction {
    LuaFunction(
      core: core, reference: try core.compile(source, name: name, visibility: visibility), visibility: visibility)
  }

  /// A new branch that will run the function; the first ``resume(_:with:)`` starts it.
  ///
  /// - Parameter seed: of its random numbers; without one it derives from the state's seed and the branch's id.
  public func start(_ function: LuaFunction, seed: UInt64? = nil) -> LuaBranch {
    precondition(function.core === core, "a function was started in another state than its own")
    let id = function.visibility == .host ? nextHost : nextScript
    if function.visibility == .host { nextHost -= 1 } else { nextScript += 1 }
    let own = seed ?? (self.seed &+ UInt64(bitPattern: Int64(id)) &* 0x9E37_79B9_7F4A_7C15)
    // Without memory there is no branch, and its first resume says so.
    branches[id] = ebb_branch_new(core.context, function.reference, function.visibility == .host, own)
    return LuaBranch(id: id)
  }

  /// Runs the branch until it suspends or ends.
  ///
  /// - Parameter resumption: the arguments at first, afterwards the answer of the host function that waits.
  /// - Returns: how it went; a result that is no JSON value (a function, say) is a failure of kind `conversion`.
  public func resume(_ branch: LuaBranch, with resumption: LuaResumption) -> LuaOutcome {
    guard let pointer = branches[branch.id] else {
      let known = branch.id >= 0 ? branch.id < nextScript : branch.id > nextHost
      let message = known ? "this branch has ended, or there was no memory to start it" : "there is no such branch"
      return .failed(LuaError(kind: .runtime, message: message))
    }
    core.current = branch
    var reply = core.reply(resumption)
    var report = ebb_report()
    let outcome = ebb_resume(core.context, pointer, &reply, now, &report)
    core.settle()
    switch outcome {
    case EBB_SUSPENDED:
      return .suspended
    case EBB_FINISHED:
      let value = report.value.map { Array(UnsafeRawBufferPointer(start: $0, count: report.value_size)) }
      end(branch, pointer)
      return .finished(value)
    default:
      let error = core.failure(outcome, report)
      // After a breach nothing is released one by one: closing the state alone is safe.
      if outcome == EBB_FAILED || outcome == EBB_UNREADABLE { end(branch, pointer) }
      return .failed(error)
    }
  }

  private func end(_ branch: LuaBranch, _ pointer: OpaquePointer) {
    branches[branch.id] = nil
    ebb_branch_free(core.context, pointer)
  }

  // MARK: - For tests

  /// Interrupts the script after every so many instructions, and lets it go on at once.
  func interrupt(every instructions: Int) { ebb_test_preempt(core.context, Int32(instructions)) }

  /// Lets all requests for memory fail but the next `count`; nil: none fails.
  func failAllocations(after count: Int?) { ebb_test_fail_allocation(core.context, count ?? -1) }
}
