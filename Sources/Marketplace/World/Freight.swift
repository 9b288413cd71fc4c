/// What moving goods costs.
enum Freight {
  /// A seller's freight within China, in fen; the same for each of the seller's orders.
  static func domestic(seller: String, seed: UInt64) -> Int64 {
    var draws = SeededGenerator(seed: seed, subject: "freight/\(seller)")
    return draws.pick([0, 0, 600, 1000]) ?? 0
  }

  /// Freight abroad, in fen: a base by country and a part for each piece.
  static func international(country: String, pieces: Int64, service: String, seed: UInt64) -> Int64 {
    var draws = SeededGenerator(seed: seed, subject: "freight/\(country)/\(service)")
    return draws.draw(2500...6000) + pieces * draws.draw(400...900)
  }
}
