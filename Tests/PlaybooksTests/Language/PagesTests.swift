import Catalogue
import JSON
import Journal
import Lua
import PandaPon
import Testing

@testable import Playbooks

@Suite struct PagesTests {
  /// An API that answers the pages in order and then, for ever, the last.
  private static func api(_ pages: [JSON]) -> ScriptedAPI {
    ScriptedAPI(read: { call in
      let number = Int(call.arguments["pageNo"]?.integer ?? 1)
      return .answer(pages[min(number, pages.count) - 1])
    })
  }

  private static func page(_ ids: [String], of total: Int64? = nil, status: JSON = "10") -> JSON {
    var page: JSON = ["data": .array(ids.map { .row($0, status: status) })]
    page["totalPage"] = total.map { .integer($0) }
    return page
  }

  private static let ids = """
    local list = require("ebb.pages")(taobao.refunds.list, { refundStatus = 10 }, ...)
    local ids = {}
    for index, row in ipairs(list) do ids[index] = row.refundOrder.refundId .. ":" .. row.refundOrder.refundStatus end
    return ids
    """

  @Test func readsToTheEndBeforeTheFirstRow() async throws {
    let api = Self.api([Self.page(["1", "2"], of: 3), Self.page(["3"], of: 3), Self.page(["4"], of: 3)])
    #expect(try await Stage(api: api).result(Self.ids) == ["1:10", "2:10", "3:10", "4:10"])
    #expect(api.calls.map(\.arguments["pageNo"]) == [1, 2, 3])
    #expect(
      api.calls.allSatisfy { $0.arguments["refundStatus"]?.scalarText == "10" && $0.arguments["pageSize"] == 100 })
  }

  @Test func aRowThatMovedIsHandedOutOnceWithItsLatestState() async throws {
    let api = Self.api([
      Self.page(["1", "2"], of: 3), Self.page(["2", "3"], of: 3, status: "20"),
      Self.page(["3", "1"], of: 3, status: "30"),
    ])
    #expect(try await Stage(api: api).result(Self.ids) == ["1:30", "2:20", "3:30"])
  }

  @Test func withoutTotalsAShortPageIsTheLast() async throws {
    let full = (1...100).map(String.init)
    let api = Self.api([Self.page(full), Self.page(full.map { "1" + $0 + "x" }), Self.page(["z"])])
    let result = try await Stage(api: api).result(Self.ids)
    #expect(result?.array?.count == 201 && api.calls.count == 3)
  }

  @Test func anEmptyListIsNoRow() async throws {
    for page in [Self.page([], of: 0), Self.page([]), ["data": nil, "totalPage": 0]] as [JSON] {
      #expect(try await Stage(api: Self.api([page])).result(Self.ids)?.array?.isEmpty != false)
    }
  }

  @Test func tooManyPagesRaiseBeforeAnythingIsActedOn() async throws {
    let api = Self.api([Self.page(["1"], of: 1000)])
    let report = try await Stage(api: api).play(
      """
      local pages = require "ebb.pages"
      each(pages(taobao.refunds.list, {}, { max = 3 }), function(row)
        act(row, "x", taobao.refunds.cancel, { refundId = row.refundOrder.refundId })
      end)
      """)
    #expect(report.failure?.code == .tooManyPages && report.failure?.position?.line == 2)
    #expect(report.failure?.message.contains("more than 3 pages; nothing was acted on") == true)
    #expect(api.calls.count == 3 && report.writes.isEmpty)
  }

  @Test func itsArgumentsStayAsTheyWere() async throws {
    let api = Self.api([Self.page(["1"], of: 1)])
    let result = try await Stage(api: api).result(
      """
      local arguments = { refundStatus = 10 }
      require("ebb.pages")(taobao.refunds.list, arguments)
      return { arguments.pageNo == nil, arguments.pageSize == nil }
      """)
    #expect(result == [true, true])
  }

  @Test func aSizeOfOnesOwnIsSent() async throws {
    let api = Self.api([Self.page(["1"], of: 1)])
    _ = try await Stage(api: api).result("require('ebb.pages')(taobao.refunds.list, {}, { size = 7 })")
    #expect(api.calls.map(\.arguments["pageSize"]) == [7])
  }

  @Test func anErrorOfAPageIsRaised() async throws {
    let api = ScriptedAPI(read: {
      $0.arguments["pageNo"] == 2 ? .refusal(500, "busy") : .answer(Self.page(["1"], of: 2))
    })
    let failure = try await Stage(api: api).failure(Self.ids)
    #expect(failure.message == "busy" && failure.position?.line == 1)
  }

  @Test func streamingReadsOnlyAsFarAsTheLoopGoes() async throws {
    let api = Self.api([Self.page(["1", "2"], of: 3), Self.page(["3", "4"], of: 3), Self.page(["5"], of: 3)])
    let result = try await Stage(api: api).result(
      """
      local seen = {}
      for row in require("ebb.pages").stream(taobao.refunds.list, {}) do
        seen[#seen + 1] = row.refundOrder.refundId
        if #seen == 3 then break end
      end
      return seen
      """)
    #expect(result == ["1", "2", "3"] && api.calls.count == 2)
  }

  @Test func anOperationWithoutPagesIsReadOnce() async throws {
    let api = ScriptedAPI(read: { _ in .answer([["id": "1"], ["id": "2"]]) })
    let result = try await Stage(api: api).result("return #require('ebb.pages')(account.addresses.get, {})")
    #expect(api.calls.count == 1 && result == 2)
  }
}
