/// What will happen by itself, in order of time; equal times in the order they were noted.
///
/// A binary heap. An entry is void when its subject has moved on since (`stamp`), so nothing is ever searched for.
struct Agenda: Sendable, Hashable {
  /// Whose turn it is.
  enum Subject: Sendable, Hashable {
    case taobaoRefund(String)
    case taobaoOrder(String)
    case alibabaRefund(String)
    case alibabaOrder(String)
  }

  struct Entry: Sendable, Hashable {
    let at: Int64
    let sequence: Int
    let subject: Subject
    let stamp: Int
    let event: WorldEvent
  }

  private var heap: [Entry] = []
  private var sequence = 0

  /// When the next entry is due.
  var next: Int64? { heap.first?.at }

  mutating func note(_ event: WorldEvent, for subject: Subject, stamp: Int, at instant: Int64) {
    sequence += 1
    heap.append(Entry(at: instant, sequence: sequence, subject: subject, stamp: stamp, event: event))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes the earliest entry that is due at that instant.
  mutating func due(at instant: Int64) -> Entry? {
    guard let first = heap.first, first.at <= instant else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, smallest) {
        smallest = child
      }
      guard smallest != parent else { return first }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (heap[left].at, heap[left].sequence) < (heap[right].at, heap[right].sequence)
  }
}

/// What can happen by itself.
enum WorldEvent: Sendable, Hashable {
  /// The window of a refund's state is over.
  case windowEnded
  /// The seller acts on a Taobao reverse order.
  case seller(RefundAction)
  /// The seller acts on a 1688 refund.
  case supplier(AlibabaRefundAction)
  /// Money that was agreed on reaches the buyer.
  case moneyArrived
  /// The marketplace carries out a cancellation it had queued.
  case cancelOrder
  /// An unpaid order is closed.
  case closeUnpaid
  /// The seller hands the goods to a carrier.
  case ship
  /// A trade whose receipt is confirmed is over.
  case settle
  /// An order that was being built can be paid.
  case built
  /// The marketplace confirms receipt because nobody else did.
  case confirmReceipt
}
