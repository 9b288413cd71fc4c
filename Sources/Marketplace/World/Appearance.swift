import JSON

/// What answers show of an order or a refund instead of what is so: what upstreams are known to do now and then.
public struct Appearance: Sendable, Hashable {
  /// A state as on the wire, known to nobody perhaps.
  public var status: String?
  /// The currency that amounts are said to be in; Taobao's refunds and orders have one.
  public var currency: String?
  /// Where a return goes.
  public var address = Address.own
  /// The last status of an order's parcel (upstream.md 6.8), e.g. `REJECTED`.
  public var trace: String?

  /// Where answers say that a return goes.
  public enum Address: Sendable, Hashable {
    /// The seller's own.
    case own
    /// Nowhere.
    case hidden
    /// Another place, in one line.
    case other(String)
  }

  /// Nothing but what is so.
  public init() {}
}

extension World {
  func statusShown(_ id: String, _ status: String) -> JSON { .string(appearances[id]?.status ?? status) }

  func currencyShown(_ id: String, _ currency: String = "CNY") -> JSON {
    .string(appearances[id]?.currency ?? currency)
  }

  /// A seller's address as the answers on one refund show it.
  func addressShown(_ id: String, of sellerID: String) -> PostalAddress? {
    guard var address = sellers[sellerID]?.returnAddress else { return nil }
    switch appearances[id]?.address ?? .own {
    case .own: break
    case .hidden: return nil
    case .other(let place): address.detail = place
    }
    return address
  }
}
