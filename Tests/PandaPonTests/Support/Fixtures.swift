import Catalogue
import JSON
import Redaction
import Synchronization

@testable import PandaPon

/// The secret of the tests. Where it shows up in any text, a test fails.
let testSecret = "q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy+"

func testCredentials() throws -> Credentials {
  try Credentials(accessKey: "58c0201dfdf148eca63cbf6bb5e7cf03", secret: SecretBytes(testSecret.utf8))
}

/// A catalogue of its own, so that these tests do not depend on what the real one says.
let testCatalogue: Catalogue = {
  let document: JSON = [
    "openapi": "3.1.0",
    "paths": [
      "/open/refund/{refundId}": ["get": operation("taobao.refunds.get", "read", path: ["refundId"])],
      "/open/refund/cancel/{refundId}": ["get": operation("taobao.refunds.cancel", "write", path: ["refundId"])],
      "/open/refund/list": ["post": operation("taobao.refunds.list", "read", query: ["page"], body: ["name", "note"])],
      "/open/order/cancel": ["post": operation("taobao.orders.cancel", "write", body: ["orderId"], grade: "assumed")],
      "/open/item/search": ["post": operation("taobao.products.search", "read", body: ["keyword"], grade: "inferred")],
      "/open/link": [
        "post": operation("taobao.orders.imLink", "read", answer: ["type": "string", "x-ebb-secret": true])
      ],
      "/open/freight": [
        "post": operation("warehouse.freight.preview", "read", query: ["kind"], body: ["price"], signing: "query")
      ],
    ],
    "webhooks": [
      "taobao.events.order": ["post": operation("taobao.events.order", "event", grade: "unknown")]
    ],
  ]
  do {
    return try Catalogue(parsing: document)
  } catch {
    preconditionFailure("the tests' own catalogue is damaged: \(error)")
  }
}()

private func operation(
  _ id: String, _ effect: JSON, path: [String] = [], query: [String] = [], body: [String] = [],
  grade: JSON = "documented", signing: JSON = "headers", answer: JSON? = nil
) -> JSON {
  let parameters: [JSON] =
    path.map { ["name": .string($0), "in": "path", "required": true, "schema": ["type": "string"]] }
    + query.map { ["name": .string($0), "in": "query", "schema": ["type": "string"]] }
  var definition: JSON = [
    "operationId": .string(id), "x-ebb-market": "Taobao", "x-ebb-group": "g", "summary": "s", "x-ebb-effect": effect,
    "x-ebb-evidence": ["method": "documented", "path": grade], "x-ebb-signing": signing,
    "parameters": .array(parameters),
  ]
  if !body.isEmpty {
    let members = JSONObject(body.map { (key: $0, value: ["type": "string"] as JSON) })
    definition["requestBody"] = [
      "content": ["application/json": ["schema": ["type": "object", "properties": .object(members)]]]
    ]
  }
  let data =
    answer ?? [
      "type": "object",
      "properties": [
        "refundId": ["type": "string", "x-ebb-id": true], "status": ["type": "string"],
        "links": [
          "type": "array",
          "items": ["type": "object", "properties": ["url": ["type": "string", "x-ebb-secret": true]]],
        ],
      ],
    ]
  definition["responses"] = [
    "200": [
      "content": ["application/json": ["schema": ["allOf": [["type": "object"], ["properties": ["data": data]]]]]]
    ]
  ]
  return definition
}

func testOperation(_ id: String) -> Operation {
  guard let operation = testCatalogue[id] else { preconditionFailure("no operation \(id) in the tests' catalogue") }
  return operation
}

/// Time that passes only when somebody sleeps, and randomness that counts up.
final class VirtualSurroundings: Sendable {
  struct State {
    var uptime: Duration = .zero
    var slept: [Duration] = []
    var random: UInt64 = 0
    var cancelled = false
  }
  let state = Mutex(State())
  let startOfTime: Int64 = 1_700_000_000_000

  var slept: [Duration] { state.withLock { $0.slept } }

  var surroundings: Surroundings {
    Surroundings(
      now: { self.startOfTime + self.state.withLock { $0.uptime.milliseconds } },
      uptime: { self.state.withLock { $0.uptime } },
      sleep: { time in
        try self.state.withLock { state in
          if state.cancelled { throw CancellationError() }
          state.slept.append(time)
          state.uptime += time
        }
      },
      random: {
        self.state.withLock { state in
          state.random &+= 0x9E37_79B9_7F4A_7C15
          return state.random
        }
      })
  }

  func advance(_ time: Duration) {
    state.withLock { $0.uptime += time }
  }
}

extension Duration {
  var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}

/// A transport that answers from a script and remembers what it was asked.
final class ScriptedTransport: Transport {
  enum Reply: Sendable {
    case response(WireResponse)
    case error(TransportError)
  }
  let state: Mutex<(replies: [Reply], requests: [WireRequest])>

  init(_ replies: [Reply]) {
    state = Mutex((replies, []))
  }

  var requests: [WireRequest] { state.withLock { $0.requests } }

  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    let reply = state.withLock { state in
      state.requests.append(request)
      return state.replies.count > 1 ? state.replies.removeFirst() : state.replies[0]
    }
    switch reply {
    case .response(let response): return response
    case .error(let error): throw error
    }
  }
}

extension ScriptedTransport.Reply {
  static func json(_ text: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> Self {
    .response(WireResponse(status: status, headers: headers, body: Array(text.utf8)))
  }

  static let success = json(#"{"code":200,"msg":"成功","requestId":"r1","data":{"refundId":110000235001,"status":-20}}"#)
}

func testProfile(
  _ baseURL: String = "http://127.0.0.1:1", userID: String? = "2100007341207", allow: Allowance = .documented,
  paths: [String: String] = [:], quota: Double? = nil, retry: RetryPolicy = RetryPolicy()
) throws -> Profile {
  try Profile(
    name: "test", baseURL: BaseURL(parsing: baseURL), userID: userID, allow: allow, paths: paths, quota: quota,
    retry: retry)
}
