public import JSON

extension Operation {
  /// What a write with those arguments touches, each resource once, in the catalogue's order: at least one claim.
  ///
  /// A write whose arguments name no resource claims itself: its own id and a fingerprint of its arguments, so that the
  /// same write is not made twice at once. A read or an event claims nothing.
  public func claims(of arguments: Arguments) -> [Claim] {
    var found: [Claim] = []
    for rule in claims {
      for id in rule.ids(in: arguments.script) {
        let claim = Claim(kind: rule.kind, id: id)
        if !found.contains(claim) { found.append(claim) }
      }
    }
    if found.isEmpty, effect == .write {
      found.append(Claim(kind: id, id: Fingerprint.of(arguments.script.bytes(.canonical))))
    }
    return found
  }

  /// The reads to be made before a write with those arguments: none, one, or one per element.
  public func beforeReads(for arguments: Arguments) -> [ReadRequest] {
    before?.read?.requests(in: RuleContext(arguments: arguments.script)) ?? []
  }

  /// The amount a write moves, by the answer of the read before it alone; nil where the catalogue names no place
  /// there or nothing readable stands in it.
  public func amount(in before: JSON) -> Fen? {
    amount(in: [before], arguments: nil)
  }

  /// The amount a write moves: everything the catalogue's places hold in its arguments and in the answers of the reads
  /// before it, added up; nil where one of them cannot be read, and where it moves no money.
  ///
  /// Yuan are converted exactly where the catalogue says that the field is in yuan.
  ///
  /// - Parameter befores: the `data` that the reads of `beforeReads(for:)` answered, all of them.
  public func amount(in befores: [JSON], arguments: Arguments?) -> Fen? {
    guard let before, !before.amount.isEmpty else { return nil }
    if let arguments, befores.count != beforeReads(for: arguments).count { return nil }
    var sum = Fen(0)
    for (source, unit) in zip(before.amount, contents.value.amountUnits) {
      let values: [JSON]
      switch source {
      case .argument(let pointer):
        guard let arguments else { return nil }
        values = arguments.script.all(at: pointer).map(\.value)
      case .before(let pointer):
        let found = befores.map { $0.all(at: pointer).map(\.value) }
        if found.contains(where: \.isEmpty) { return nil }
        values = found.flatMap { $0 }
      }
      if values.isEmpty { return nil }
      for value in values {
        guard let amount = Fen(value, unit: unit), let next = sum.adding(amount) else { return nil }
        sum = next
      }
    }
    return sum
  }

  /// The fields whose change counts as drift, with their values in the answer of the read before; absent ones as null.
  public func watchedFields(in before: JSON) -> [(pointer: JSONPointer, value: JSON)] {
    (self.before?.fields ?? []).flatMap { field in
      let found = before.all(at: field)
      return found.isEmpty ? [(pointer: field, value: JSON.null)] : found
    }
  }

  /// The schema of an argument, by a pointer into the script's table.
  public func argumentSchema(at pointer: JSONPointer) -> Schema? {
    contents.value.input.schema(at: pointer)
  }

  /// The arguments with the key of a keyed write filled in where they have none; unchanged for any other operation.
  public func filling(key: String, in value: JSON) -> JSON {
    guard let field = self.key?.field, value.object != nil || value.isNull else { return value }
    if let given = value[pointer: field], !given.isNull { return value }
    var filled = value.isNull ? JSON.object([:]) : value
    filled.set(.string(key), at: field)
    return filled
  }
}

extension ClaimRule {
  func ids(in arguments: JSON) -> [String] {
    guard let each else { return arguments.all(at: id).compactMap(\.value.scalarText) }
    return (arguments[pointer: each]?.array ?? []).compactMap { $0[pointer: id]?.scalarText }
  }
}

extension Fen {
  /// Reads an amount from the wire: whole fen, or yuan in decimal where the unit says so.
  init?(_ value: JSON, unit: Schema.Unit?) {
    switch unit {
    case .yuan?:
      guard let text = value.scalarText, let amount = Fen(yuan: text) else { return nil }
      self = amount
    case .fen?:
      guard case .integer(let fen)? = ScalarConversion.convert(value, to: [.integer]), value.bool == nil else {
        return nil
      }
      self.init(fen)
    case .milliseconds?, .seconds?, .bytes?, nil: return nil
    }
  }
}
