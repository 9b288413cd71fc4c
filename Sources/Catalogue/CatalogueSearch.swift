extension Catalogue {
  /// The id that was probably meant: the nearest in spelling, or the operation of that Chinese or English title.
  ///
  /// Compares within the market the id begins with first, then everywhere, then the last words alone, so that
  /// `refunds.cancel` and `taobao.refund.cancle` both lead to `taobao.refunds.cancel`.
  public func nearest(to id: String) -> String? {
    let ids = operations.map(\.id)
    let wanted = id.lowercased()
    let titled = operations.filter { $0.chineseName == id || $0.name.lowercased() == wanted }
    if let operation = titled.first { return operation.id }
    let room = wanted.prefix { $0 != "." } + "."
    if let near = EditDistance.nearest(to: id, among: ids.filter { $0.hasPrefix(room) }) { return near }
    if let near = EditDistance.nearest(to: id, among: ids) { return near }
    let ended = ids.filter { $0.lowercased().hasSuffix("." + wanted) }
    if let first = ended.first { return first }
    let shortened = Dictionary(ids.map { (String($0.drop { $0 != "." }.dropFirst()), $0) }) { first, _ in first }
    let tail = wanted.contains(".") ? String(wanted.drop { $0 != "." }.dropFirst()) : wanted
    for word in [id, tail] {
      let names = ids.map { String($0.drop { $0 != "." }.dropFirst()) }
      if let near = EditDistance.nearest(to: word, among: names) { return shortened[near] }
    }
    return nil
  }

  /// The operations whose id, titles, path, market or group contain the word, whatever its case; all for an empty one.
  public func search(_ word: String) -> [Operation] {
    let wanted = word.lowercased()
    if wanted.isEmpty { return operations }
    return operations.filter { operation in
      [operation.id, operation.name, operation.chineseName ?? "", operation.path, operation.market, operation.group]
        .contains { $0.lowercased().contains(wanted) }
    }
  }
}
