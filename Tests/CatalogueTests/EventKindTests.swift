import JSON
import Testing

@testable import Catalogue

@Suite struct EventKindTests {
  static let kinds = Result { try EventKinds(Catalogue.embedded()) }

  @Test(arguments: [
    ("8", 0, "taobao.events.orderPriceChanged", Evidence.assumed),
    ("3", 0, "taobao.events.orderStatusChanged", .assumed),
    ("9", 0, "taobao.events.refundChanged", .assumed),
    ("RefundAgreed", 0, "taobao.events.refundChanged", .assumed),
    ("ORDER_CREATE", 0, "taobao.events.orderStatusChanged", .assumed),
    ("ORDER_CREATE", 1, "alibaba.events.orderStatusChanged", .assumed),
    ("1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY", 1, "alibaba.events.orderPriceChanged", .documented),
    ("ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY", 1, "alibaba.events.orderPriceChanged", .assumed),
    ("1688_ORDER_BUYER_VIEW_ORDER_COMFIRM_RECEIVEGOODS", 1, "alibaba.events.orderStatusChanged", .inferred),
    ("ORDER_BUYER_VIEW_ORDER_REFUND_AFTER_SALES", 1, "alibaba.events.refundChanged", .assumed),
  ])
  func recognises(_ type: String, _ platform: Int64, _ operation: String, _ grade: Evidence) throws {
    let row = try Self.kinds.get().row(messageType: type, platform: platform)
    #expect(row?.operation == operation)
    #expect(row?.type.evidence == grade)
  }

  @Test func aTypeOfOnePlatformNeedsNone() throws {
    let kinds = try Self.kinds.get()
    #expect(kinds.row(messageType: "9", platform: nil)?.operation == "taobao.events.refundChanged")
    #expect(kinds.row(messageType: "ORDER_CREATE", platform: nil) == nil)
  }

  @Test(arguments: [
    ("9", 1), ("1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY", 0), ("10", 0), ("LOGISTICS_BUYER_VIEW_TRACE", 1),
    (nil, 0), ("", 0), ("9", 2), ("refundagreed", 0),
  ])
  func leavesOthersUnknown(_ type: String?, _ platform: Int64?) throws {
    #expect(try Self.kinds.get().row(messageType: type, platform: platform) == nil)
  }

  @Test func everyEventOfTheCatalogueHasATypeAndEveryRowAnEvent() throws {
    let catalogue = try Catalogue.embedded()
    let rows = try Self.kinds.get().rows
    let events = catalogue.operations.filter { $0.effect == .event }.map(\.id)
    #expect(Set(rows.map(\.operation)) == Set(events))
    #expect(events.count == 6)
    for event in events {
      #expect(catalogue[event]?.market == (rows.first { $0.operation == event }?.platform == 1 ? "1688" : "Taobao"))
    }
  }

  @Test(
    arguments: [
      ("taobao.events.refundChanged", ["refundId": 7, "refundStatus": "20"], "7", "20"),
      ("taobao.events.orderStatusChanged", ["orderId": "1", "purchaseId": "2"], "2", nil),
      ("taobao.events.orderStatusChanged", ["orderId": "1", "purchaseId": "", "status": "x"], "1", "x"),
      ("alibaba.events.orderPriceChanged", ["orderId": 9, "currentStatus": "waitbuyerpay"], "9", nil),
      ("alibaba.events.refundChanged", ["refundStatus": "20"], nil, nil),
    ] as [(String, JSON, String?, String?)])
  func readsWhatABodyIsAbout(_ event: String, _ body: JSON, _ subject: String?, _ state: String?) throws {
    let about = try #require(try Catalogue.embedded()[event]?.about())
    #expect(about.subject(of: body) == subject && about.state(in: body) == state)
    #expect(try Self.kinds.get().rows.first { $0.operation == event }?.about == about)
  }

  @Test(arguments: [["id": []], ["id": "/a"], ["id": ["a"]], ["id": ["/a"], "says": 1], [:]] as [JSON])
  func refusesADamagedAbout(_ about: JSON) throws {
    let catalogue = try Catalogue(parsing: [
      "openapi": "3.1.0",
      "webhooks": [
        "e": [
          "post": [
            "operationId": "e", "summary": "s", "x-ebb-market": "m", "x-ebb-group": "g", "x-ebb-effect": "event",
            "x-ebb-evidence": ["method": "documented", "path": "unknown"], "x-ebb-about": about,
          ]
        ]
      ],
    ])
    let error = try #require(throws: CatalogueError.self) { try EventKinds(catalogue) }
    #expect(error.description.contains("x-ebb-about is {id: [pointer, …], says: pointer}"))
  }

  static let damaged: [(JSON, JSON, String)] = [
    (["guessed": ["1"]], 0, "knows no grade guessed"),
    (["assumed": [1]], 0, "lists texts"),
    (["assumed": ["1"]], .null, "needs x-ebb-platform"),
    (["assumed": ["1", "1"]], 0, "stands for"),
  ]

  @Test(arguments: damaged)
  func refusesADamagedTable(_ messages: JSON, _ platform: JSON, _ reason: String) throws {
    let catalogue = try Catalogue(parsing: [
      "openapi": "3.1.0",
      "webhooks": [
        "e": [
          "post": [
            "operationId": "e", "summary": "s", "x-ebb-market": "m", "x-ebb-group": "g", "x-ebb-effect": "event",
            "x-ebb-evidence": ["method": "documented", "path": "unknown"], "x-ebb-platform": platform,
            "x-ebb-messages": messages,
          ]
        ]
      ],
    ])
    let error = try #require(throws: CatalogueError.self) { try EventKinds(catalogue) }
    #expect(error.description.contains(reason))
  }
}
