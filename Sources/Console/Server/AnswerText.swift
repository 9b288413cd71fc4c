import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// What is answered: `{"code": status, "msg": text}`, the form of PandaPon's own answers (upstream.md 11).
enum AnswerText {
  /// The answer's body.
  static func bytes(status: Int, message: String) -> [UInt8] {
    let answer: JSON = ["code": .integer(Int64(status)), "msg": .string(message)]
    return answer.bytes()
  }

  /// A whole answer.
  static func response(status: Int, message: String) -> Response {
    Response(
      status: HTTPResponse.Status(code: status), headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes(status: status, message: message))))
  }
}
