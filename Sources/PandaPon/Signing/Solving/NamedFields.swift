/// Named fields: `accessKey=…&nonceStr=…&timestamp=…&key=SECRET`, `SECRETaccess_key…nonce_str…timestamp…SECRET`.
///
/// Header values in every order; with parts of the request as fields, sorted by name or in order. The secret is a field
/// (first, last or sorted in), stands before, behind or around all, or is the key.
struct NamedFields: PayloadFamily {
  static let name = "named fields, sorted or in order, the secret as a field, around them or as the key"

  var slices: Int { FieldNames.all.count }

  func walk(_ search: SignatureSearch, _ request: RequestPieces, slice: Int) {
    let names = FieldNames.all[slice]
    let headers = request.signed + [request.userID]
    let arrangements = RequestPieces.arrangements(of: headers)
    let choices = RequestPieces.choices(of: headers).filter { $0.contains(where: \.isSigned) }
    let secrets = names.secrets.map { Field($0, request.secret, in: search.draft) }
    func fields(_ values: [RequestPieces.Value]) -> [Field] {
      values.map { Field(names.name(of: $0.variable), $0.piece, in: search.draft) }
    }
    for values in arrangements {
      let listed = fields(values)
      for join in FieldJoin.all { FieldWriter(search, request.secret, join).attempt(listed, secrets: secrets) }
    }
    for (index, join) in FieldJoin.more.enumerated() {
      let writer = FieldWriter(search, request.secret, join)
      let parts = index < FieldJoin.usual.count ? request.request : request.withoutLongBody
      for part in RequestPieces.choices(of: parts).dropFirst() {
        for chosen in choices {
          let listed = fields(chosen + part)
          let sorted = listed.sorted { $0.name < $1.name }
          writer.attempt(listed, secrets: secrets)
          if sorted != listed { writer.attempt(sorted, secrets: secrets) }
        }
      }
    }
  }
}
