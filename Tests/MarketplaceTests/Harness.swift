import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Marketplace

/// How a test reaches the simulator: the same body runs in memory and over HTTP.
enum Road: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case memory, http
  var testDescription: String { rawValue }
}

/// What a client sees of an answer.
struct Seen: Sendable {
  var status: Int
  var body: JSON
  var headers: [String: String] = [:]
  var code: Int64? { body["code"]?.integer }
  var data: JSON { body["data"] ?? .null }
}

/// A connection that ended without an answer.
struct Broken: Error {}

/// A client of a simulated marketplace for tests.
struct Harness: Sendable {
  let marketplace: Marketplace
  let server: RunningSimulator?

  static func with<Result>(
    _ road: Road, _ options: SimulatorOptions, _ body: (Harness) async throws -> Result
  ) async throws -> Result {
    guard road == .http else { return try await body(Harness(marketplace: try Marketplace(options), server: nil)) }
    let server = try await SimulatorServer.start(options)
    do {
      let result = try await body(Harness(marketplace: server.marketplace, server: server))
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }

  func call(
    _ method: String, _ path: String, _ body: JSON? = nil, headers: [(name: String, value: String)]? = nil
  ) async throws -> Seen {
    var headers = headers ?? Signer(account: marketplace.account).headers()
    let bytes = body?.bytes() ?? []
    if body != nil { headers.append(("content-type", "application/json")) }
    guard let server else { return try await inMemory(method, path, headers, bytes) }
    var request = HTTPClientRequest(url: server.baseURL + path)
    request.method = .RAW(value: method)
    for header in headers { request.headers.add(name: header.name, value: header.value) }
    if body != nil { request.body = .bytes(ByteBuffer(bytes: bytes)) }
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
      let answer = try await response.body.collect(upTo: 1 << 24)
      let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
      return Seen(
        status: Int(response.status.code), body: (try? JSON(parsing: answer.readableBytesView)) ?? .null,
        headers: Dictionary(fields) { $1 })
    } catch {
      throw Broken()
    }
  }

  private func inMemory(
    _ method: String, _ path: String, _ headers: [(name: String, value: String)], _ body: [UInt8]
  ) async throws -> Seen {
    let response = await marketplace.respond(
      to: SimulatedRequest(method: method, path: path, headers: headers, body: body))
    guard response.ending == .complete else { throw Broken() }
    return Seen(
      status: response.status, body: (try? JSON(parsing: response.body)) ?? .null,
      headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { $1 })
  }
}

extension JSON {
  /// The value at a pointer; null where there is none.
  func at(_ pointer: JSONPointer) -> JSON { self[pointer: pointer] ?? .null }
}
