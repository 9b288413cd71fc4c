import CLuaShim

/// A Lua function that the host holds: a loaded chunk, or an argument of a host call.
///
/// It keeps its state alive, belongs to the state's actor, and is released with the last reference to it.
public final class LuaFunction {
  let core: LuaCore
  let reference: Int32
  let visibility: LuaVisibility

  init(core: LuaCore, reference: Int32, visibility: LuaVisibility) {
    self.core = core
    self.reference = reference
    self.visibility = visibility
  }

  deinit { ebb_release(core.context, reference) }
}
