import JSON

/// A row of a cart.
struct CartItem: Sendable, Hashable, Identifiable {
  let id: String
  let productID: String
  let variantID: String
  var quantity: Int64
  let userID: String?
  let addedAt: Int64
}

/// An address of the account's book.
struct SavedAddress: Sendable, Hashable, Identifiable {
  let id: String
  var fields: JSON
}

/// A freight preview that can be booked.
struct FreightQuote: Sendable, Hashable, Identifiable {
  let id: String
  let fee: Int64
  let items: Int
  let quotedAt: Int64
}

/// An international logistics order.
struct InternationalOrder: Sendable, Hashable, Identifiable {
  let id: String
  let renderID: String
  let remark: String?
  let createdAt: Int64
}
