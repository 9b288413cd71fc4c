import JSON

/// The arguments of one call of a script to its host; what is missing or nil reads as nil.
struct HostArguments {
  let values: [JSON]

  subscript(index: Int) -> JSON? {
    guard values.indices.contains(index), !values[index].isNull else { return nil }
    return values[index]
  }

  /// An argument's text; empty where there is none.
  func text(_ index: Int) -> String {
    self[index]?.scalarText ?? ""
  }
}
