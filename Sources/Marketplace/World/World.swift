import JSON

/// A simulated marketplace as a value: orders, refunds, carts, addresses, goods and sellers at an instant.
///
/// Time moves only by `advance(to:)`, which carries out what is due in order of time; everything random is drawn from
/// the seed, per subject, so equal seeds and equal calls give equal worlds.
public struct World: Sendable, Hashable {
  /// What everything random is drawn from.
  public let seed: UInt64
  /// The instant, in ms since 1970.
  public internal(set) var now: Int64
  /// How long states last.
  public var windows = Windows()
  /// Whether the seller's return address can be read only while the return is awaited (upstream.md 7.1).
  public var hidesReturnAddress = false

  /// What answers show instead of what is so, by the id of an order or a refund.
  public var appearances: [String: Appearance] = [:]

  var identifiers: Identifiers
  var agenda = Agenda()
  var sellers = Ledger<Seller>()
  var taobaoGoods = Ledger<Product>()
  var alibabaGoods = Ledger<Product>()
  var taobaoOrders = Ledger<TaobaoOrder>()
  var reverseOrders = Ledger<ReverseOrder>()
  /// What a reverse order was before its last transition, and when that was: what a lagging list shows.
  var earlierReverseOrders: [String: Earlier] = [:]
  var earlierTaobaoOrders: [String: TaobaoOrder] = [:]
  var earlierAlibabaOrders: [String: AlibabaOrder] = [:]
  var alibabaOrders = Ledger<AlibabaOrder>()
  var alibabaRefunds = Ledger<AlibabaRefund>()
  var taobaoCart = Ledger<CartItem>()
  var alibabaCart = Ledger<CartItem>()
  var addresses = Ledger<SavedAddress>()
  var freightQuotes: [String: FreightQuote] = [:]
  var internationalOrders: [String: InternationalOrder] = [:]
  var domesticParcels: [String: JSON] = [:]
  var vouchers: [String] = []
  var listFault = ListFault()
  /// Whether what changes is noted for callbacks, and what was noted.
  var tells = false
  var tidings: [Tiding] = []

  /// The buyer's account, as answers name it.
  public let distributorID: String

  struct Earlier: Sendable, Hashable {
    var order: ReverseOrder
    var changedAt: Int64
  }

  /// An empty world.
  ///
  /// - Parameters:
  ///   - seed: What everything random is drawn from.
  ///   - now: The instant at which it begins, in ms since 1970.
  ///   - longIDs: Every id has 19 digits.
  public init(seed: UInt64, now: Int64, longIDs: Bool = false) {
    self.seed = seed
    self.now = now
    identifiers = Identifiers(long: longIDs)
    distributorID = SimulatedAccount(seed: seed).userID
  }

  /// A generator of draws for one subject.
  func generator(_ subject: String, turn: Int = 0) -> SeededGenerator {
    SeededGenerator(seed: seed, subject: subject, turn: turn)
  }

  // MARK: Time

  /// Moves time on, carrying out all that is due on the way; an earlier instant changes nothing.
  public mutating func advance(to instant: Int64) {
    while let entry = agenda.due(at: instant) {
      now = max(now, entry.at)
      carryOut(entry)
    }
    now = max(now, instant)
  }

  private mutating func carryOut(_ entry: Agenda.Entry) {
    switch entry.subject {
    case .taobaoRefund(let id):
      guard let order = reverseOrders[id], order.stamp == entry.stamp else { return }
      switch entry.event {
      case .windowEnded: apply(.windowEnded, toReverseOrder: id)
      case .seller(let action): apply(action, toReverseOrder: id)
      case .moneyArrived: apply(.moneyArrived, toReverseOrder: id)
      default: return
      }
    case .taobaoOrder(let id):
      guard let order = taobaoOrders[id], order.stamp == entry.stamp else { return }
      carryOut(entry.event, taobaoOrder: id)
    case .alibabaRefund(let id):
      guard let refund = alibabaRefunds[id], refund.stamp == entry.stamp else { return }
      switch entry.event {
      case .windowEnded: apply(.windowEnded, toAlibabaRefund: id)
      case .supplier(let action): apply(action, toAlibabaRefund: id)
      default: return
      }
    case .alibabaOrder(let id):
      guard let order = alibabaOrders[id], order.stamp == entry.stamp else { return }
      carryOut(entry.event, alibabaOrder: id)
    }
  }

  // MARK: People and goods

  /// Adds a seller.
  @discardableResult
  public mutating func addSeller(id: String, nick: String, character: SellerCharacter) -> Seller {
    var draws = generator("seller/\(id)")
    let openID = "BBB" + draws.hexadecimal(22)
    let address = PostalAddress(
      receiver: Samples.surname(&draws) + "经理", phone: Samples.phone(&draws), detail: Samples.address(&draws))
    let seller = Seller(id: id, nick: nick, character: character, openID: openID, returnAddress: address)
    sellers.insert(seller)
    return seller
  }

  /// Changes how a seller behaves from now on; what was planned stays.
  public mutating func setCharacter(_ character: SellerCharacter, ofSeller id: String) {
    sellers.update(id) { $0.character = character }
  }

  func seller(openID: String) -> Seller? {
    sellers.rows.first { $0.openID == openID }
  }
}
