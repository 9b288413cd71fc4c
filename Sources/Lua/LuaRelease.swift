import CLuaShim

/// The Lua that is linked in.
public enum LuaRelease {
  /// Its name and release, e.g. `Lua 5.4.6`.
  public static var text: String { String(cString: ebb_lua_release()) }
}
