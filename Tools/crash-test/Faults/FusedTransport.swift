import PandaPon

/// A transport with a fault point before each request leaves and one after its answer came. What lies between, the
/// simulator's own witness sees.
struct FusedTransport: Transport {
  let base: any Transport
  let points: any FaultPoints

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    points.pass("before sending \(request.method) \(request.path)")
    let result: Result<WireResponse, TransportError>
    do {
      result = .success(try await base.exchange(request, deadline: deadline))
    } catch {
      result = .failure(error)
    }
    points.pass("after the answer to \(request.method) \(request.path)")
    return try result.get()
  }
}
