/// How long each state may last before the marketplace decides by itself, in ms; from upstream.md 8.
///
/// What the live marketplaces grant is known only through `timeoutDate` and `gmtTimeOut`; these serve simulation.
public struct Windows: Sendable, Hashable {
  /// The seller's answer to a claim on goods not shipped.
  public var answerUnshipped = 2 * Span.day
  /// The seller's answer to any other claim.
  public var answerShipped = 5 * Span.day
  /// The buyer's return.
  public var buyerReturn = 7 * Span.day
  /// The seller's receipt of the return.
  public var sellerReceipt = 10 * Span.day
  /// The buyer's modification of a refused claim.
  public var buyerModification = 5 * Span.day
  /// From agreement to money.
  public var payment = 10 * Span.minute
  /// An order's payment.
  public var orderPayment = 5 * Span.day
  /// The buyer's confirmation of receipt, from shipment.
  public var orderReceipt = 10 * Span.day
  /// Until a queued cancellation is carried out.
  public var orderCancellation = 30 * Span.second

  /// The defaults.
  public init() {}
}
