import Catalogue
import JSON
import PandaPon

/// The read by which an account is tested: it changes nothing, costs nothing, and its path is documented.
struct HarmlessRead {
  let operation: Operation
  let arguments: Arguments

  /// A reverse order that need not exist: that there is none is as good an answer as any.
  init(_ catalogue: Catalogue) throws(CommandFailure) {
    let operation = try catalogue.operation(named: "taobao.refunds.get")
    do {
      arguments = try operation.arguments(from: ["refundId": "1"])
    } catch {
      throw CommandFailure(.failed, "\(error)", label: "catalogue")
    }
    self.operation = operation
  }
}
