/// The answers that faults give.
enum FaultAnswers {
  /// The answer of a fault that strikes before anything is carried out; nil where none does.
  static func before(_ faults: [Fault]) -> SimulatedResponse? {
    for fault in faults {
      switch fault {
      case .resetBefore: return reset
      case .rateLimit(let seconds):
        var response = page(status: 429)
        response.headers.append(("retry-after", String(seconds)))
        return response
      case .serverError(let status): return page(status: status)
      case .html: return page(status: 200)
      default: continue
      }
    }
    return nil
  }

  /// How long a request is held up on its way, in milliseconds; nil where it is not.
  static func lag(_ faults: [Fault]) -> Int64? {
    faults.lazy.compactMap { fault in if case .late(let span) = fault { span } else { nil } }.max()
  }

  /// What becomes of an answer to something that was carried out.
  static func after(_ faults: [Fault], _ response: SimulatedResponse) -> SimulatedResponse {
    for fault in faults {
      switch fault {
      case .resetAfter: return reset
      case .serverErrorAfter(let status): return page(status: status)
      case .htmlAfter: return page(status: 200)
      case .truncate:
        var response = response
        response.ending = .truncated(after: response.body.count / 2)
        return response
      default: continue
      }
    }
    return response
  }

  /// What stands between the client and the API when something is wrong: a page for people.
  static func page(status: Int) -> SimulatedResponse {
    let text = "<!DOCTYPE html><html><head><title>\(status)</title></head><body><h1>\(status)</h1></body></html>\n"
    return SimulatedResponse(status: status, contentType: "text/html; charset=utf-8", body: Array(text.utf8))
  }

  /// A connection that ends without an answer.
  static var reset: SimulatedResponse {
    var response = SimulatedResponse(status: 0, body: [])
    response.ending = .reset
    return response
  }
}

extension World.ListFault {
  init(_ faults: [Fault]) {
    for fault in faults {
      switch fault {
      case .staleList(let span): lag = max(lag, span)
      case .duplicateRows: overlap = 1
      default: continue
      }
    }
  }
}
