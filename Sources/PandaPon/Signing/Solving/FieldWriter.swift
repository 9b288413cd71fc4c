/// A field of a payload: a name and a value.
struct Field: Hashable {
  let name: String
  let label: PayloadDraft.Piece
  let value: PayloadDraft.Piece

  init(_ name: String, _ value: PayloadDraft.Piece, in draft: PayloadDraft) {
    self.name = name
    label = draft.literal(name)
    self.value = value
  }
}

/// Writes fields in one style of joining them, and tries the secret in all its places.
struct FieldWriter {
  private let search: SignatureSearch
  private let secret: PayloadDraft.Piece
  private let assignment: PayloadDraft.Piece?
  private let separator: PayloadDraft.Piece?

  init(_ search: SignatureSearch, _ secret: PayloadDraft.Piece, _ join: FieldJoin) {
    self.search = search
    self.secret = secret
    assignment = join.assignment.isEmpty ? nil : search.draft.literal(join.assignment)
    separator = join.separator.isEmpty ? nil : search.draft.literal(join.separator)
  }

  /// Tries the fields alone (the secret is the key), the secret before, behind and around them, and as one of them.
  ///
  /// - Parameter secrets: the secret under the names that it may have.
  func attempt(_ fields: [Field], secrets: [Field]) {
    write(fields) {
      search.attempt()
      search.with(secret, nil) { search.attempt() }
      if let separator {
        search.with(separator, secret) { search.attempt() }
        search.with(separator, nil) { search.attempt() }
      }
      for field in secrets { behind(field) { search.attempt() } }
    }
    search.with(secret, nil) {
      write(fields) {
        search.attempt()
        search.with(secret, nil) { search.attempt() }
      }
    }
    if let separator {
      search.with(secret, separator) {
        write(fields) {
          search.attempt()
          search.with(separator, secret) { search.attempt() }
        }
      }
    }
    for field in secrets { attempt(fields, within: field) }
  }

  /// Writes the fields, does something, and takes them away.
  func write(_ fields: some Sequence<Field>, _ body: () -> Void) {
    var pushed = 0
    for field in fields { pushed += push(field, isFirst: pushed == 0) }
    body()
    for _ in 0..<pushed { search.draft.pop() }
  }

  /// Does something with one more field at the end.
  func behind(_ field: Field, _ body: () -> Void) {
    let pushed = push(field, isFirst: false)
    body()
    for _ in 0..<pushed { search.draft.pop() }
  }

  /// Tries the secret where its name belongs among fields that are sorted, else as the first field.
  private func attempt(_ fields: [Field], within secret: Field) {
    let isSorted = zip(fields, fields.dropFirst()).allSatisfy { $0.name < $1.name }
    let place = isSorted ? fields.firstIndex { secret.name < $0.name } : nil
    write(fields[..<(place ?? 0)] + [secret] + fields[(place ?? 0)...]) { search.attempt() }
  }

  private func push(_ field: Field, isFirst: Bool) -> Int {
    let draft = search.draft
    var pushed = 2
    if !isFirst, let separator {
      draft.push(separator)
      pushed += 1
    }
    draft.push(field.label)
    if let assignment {
      draft.push(assignment)
      pushed += 1
    }
    draft.push(field.value)
    return pushed
  }
}
