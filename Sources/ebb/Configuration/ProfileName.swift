/// What a profile may be named: in `ebb.yaml` it stands beside words that have a meaning, in variables in upper case.
enum ProfileName {
  /// Why a name cannot be one; nil where it can.
  static func problem(_ name: String) -> String? {
    let legal =
      !name.isEmpty
      && name.utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
          || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
    guard legal else { return "a profile's name has letters, digits, _ and - only" }
    guard !PlaybookSettings.keys.contains(name) && name != Configuration.environmentProfile && name != "all" else {
      return "a profile cannot be named \"\(name)\": the word has a meaning of its own"
    }
    return nil
  }
}
