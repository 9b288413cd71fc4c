extension Marketplace {
  /// The callbacks that are due at the clock's instant; each is to be settled once it was tried.
  public func dueCallbacks() -> [CallbackDelivery] {
    turn()
    return office?.collect(at: now) ?? []
  }

  /// Says whether a callback was answered with 200 in time; one that was not is due again after half an hour.
  public func settle(_ delivery: CallbackDelivery, acknowledged: Bool) {
    office?.settle(delivery, acknowledged: acknowledged, at: now)
    note(delivery, acknowledged: acknowledged)
  }
}
