import Foundation
import JSON
import PandaPon
import Journal
import Testing

@testable import Playbooks

/// The guard rails of `submit_return_tracking`, one refund for each, with a state of its own beside it.
@Suite struct SubmitReturnTrackingTests {
  /// What `ebb.state` promises, kept for one run.
  private static let state = """
    local values = { ["address:8"] = { detailAddress = "another street" } }
    local claims = { ["waybill/SF66666"] = "77" }
    local state = {}
    function state.get(key) return values[key] end
    function state.set(key, value) values[key] = value end
    function state.claim(namespace, key, owner)
      local name = namespace .. "/" .. key
      claims[name] = claims[name] or owner
      return claims[name]
    end
    return state
    """

  /// The status of each refund, and the waybill that the marketplace holds.
  private static let refunds: [String: (status: String, waybill: String?)] = [
    "1": ("20", nil), "2": ("20", "SF99999"), "3": ("30", "SF33333"), "4": ("10", nil), "5": ("20", nil),
    "6": ("20", nil),
    "7": ("20", nil), "8": ("20", nil), "9": ("20", nil),
  ]

  private static func row(_ id: String, _ waybill: String, _ carrier: String = "顺丰快递") -> JSON {
    ["id": .string(id), "carrier": .string(carrier), "waybill": .string(waybill), "phone": "13800138000"]
  }

  private static func answer(_ call: Call, filed: [String: String]) -> Outcome {
    let id = call.arguments.refundID
    switch call.operation {
    case "taobao.refunds.renderReturn":
      return .answer([
        "refundId": .string(id), "receiverAddress": ["receiver": "王五", "phone": "1", "detailAddress": "文三路 1 号"],
        "logisticsCompanies": [["logisticCompanyCode": "SF", "logisticsCompanyName": "顺丰速运"]],
      ])
    case "alibaba.refunds.get": return .answer(["refundId": .string(id), "status": "waitbuyersend"])
    default:
      guard let refund = refunds[id] else { return .refusal(404, "there is none") }
      let waybill = filed[id] ?? refund.waybill
      return .answer(.refund(id, status: .string(filed[id] == nil ? refund.status : "30"), waybill: waybill))
    }
  }

  @Test func filesOnceAndWhatItCannotBeSureOfGoesToAPerson() async throws {
    let filed = Recorder<(id: String, waybill: String)>()
    let api = ScriptedAPI(
      read: { call in
        Self.answer(call, filed: Dictionary(filed.all.map { ($0.id, $0.waybill) }) { first, _ in first })
      },
      write: { call in
        filed.append((call.arguments.refundID, call.arguments["logisticsNo"]?.string ?? ""))
        return .answer(.refund(call.arguments.refundID, status: "30", waybill: call.arguments["logisticsNo"]?.string))
      })
    let source = String(
      decoding: try #require(EmbeddedFile.bytes("scripts/submit_return_tracking.lua")), as: UTF8.self
    ).replacing("\"ebb.state\"", with: "\"state\"")
    let report = try await ModuleTests.folder(["state.lua": Self.state]) { folder in
      var stage = Stage(api: api)
      stage.folder = folder
      stage.parameters = [
        "returns": [
          Self.row("1", "SF11111"), Self.row("1", "sf 11111"), Self.row("2", "SF22222"), Self.row("3", "SF33333"),
          Self.row("4", "SF44444"), Self.row("5", "YT55555", "圆通"), Self.row("6", "SF66666"), Self.row("7", "SF77777"),
          Self.row("7", "SF77778"), Self.row("8", "SF88888"), Self.row("9", "SF11111"), Self.row("TQ1", "SF10101"),
        ]
      ]
      return try await stage.play(source)
    }
    #expect(report.failure == nil && report.status == .succeeded)
    #expect(
      report.lines == [
        "1 done the warehouse sent it back", "2 handed_over the marketplace holds another waybill",
        "3 kept filed already", "4 kept no return is due",
        "5 handed_over the marketplace does not offer this carrier", "6 handed_over another refund has this waybill",
        "7 handed_over the sheet has more than one waybill for it", "8 handed_over the return address changed",
        "9 handed_over another refund has this waybill", "TQ1 handed_over this playbook files on Taobao only",
      ])
    #expect(Dictionary(filed.all.map { ($0.id, $0.waybill) }) { first, _ in first } == ["1": "SF11111"])
    let written = try #require(api.arguments(of: "taobao.refunds.submitReturn").first)
    #expect(written["logisticsCompanyCode"] == "SF" && written["buyerPhone"] == "13800138000")
  }
}
