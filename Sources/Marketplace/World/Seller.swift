/// How a seller behaves when a refund waits for an answer.
public enum SellerCharacter: String, Sendable, Hashable, CaseIterable {
  /// Agrees within hours.
  case prompt
  /// Agrees when most of the window has passed.
  case slow
  /// Refuses twice, then agrees.
  case refusing
  /// Never answers: the window decides.
  case silent
  /// Ships although the buyer has asked for a refund before shipment, which closes it.
  case shipsAnyway = "ships_anyway"
}

/// A seller of either marketplace.
public struct Seller: Sendable, Hashable, Identifiable {
  /// The supplier id of Taobao, or the member id of 1688.
  public let id: String
  /// The name that buyers see.
  public let nick: String
  /// How the seller behaves.
  public var character: SellerCharacter
  /// The encrypted merchant id by which 1688 operations name a seller.
  public let openID: String
  /// Where returns go.
  public var returnAddress: PostalAddress
}

/// A name, a phone and a place.
public struct PostalAddress: Sendable, Hashable {
  /// Who receives.
  public var receiver: String
  /// The receiver's phone.
  public var phone: String
  /// The whole address in one line.
  public var detail: String
}
