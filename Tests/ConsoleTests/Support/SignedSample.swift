/// A callback's body and its signature, made with openssl, so that neither side of the house takes part:
/// `printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret"`, the access key before the body where the base says so.
struct SignedSample: Sendable {
  let body: String
  let signature: String

  static let refund = SignedSample(
    body:
      #"{"messageType":"9","messagePlatform":0,"timestamp":"1779263269913","messageBody":{"refundId":"110000235001","refundStatus":"20","phone":"13800000001"}}"#,
    signature: "a173b0552a6b89b4b8e26e15248f76a18453ef626712ddd1f142592a6026bd09")
  static let refundLater = SignedSample(
    body:
      #"{"messageType":"9","messagePlatform":0,"timestamp":"1779263299913","messageBody":{"refundId":"110000235001","refundStatus":"20","phone":"13800000001"}}"#,
    signature: "eee924fd63f121700eeb561accf5f438df7c49bed902a8c974a4b6faf0309473")
  static let price = SignedSample(
    body:
      #"{"messageType":"1688_ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY","messagePlatform":1,"timestamp":"1779263269913","messageBody":"{\"orderId\":2019601741959504495,\"currentStatus\":\"waitbuyerpay\"}"}"#,
    signature: "ce029e53a6a52988d1b8eaabde908394d6fedaba66f889f1835aabe5275e6ee7")
  static let unknown = SignedSample(
    body: #"{"messageType":"SOMETHING_NEW","messagePlatform":7,"timestamp":1779263269913,"messageBody":[1,2]}"#,
    signature: "9a13879573c264dbb22c1cd8456f8628900e83d0d7ff080acdd091d767edbb65")
  static let wrongTypes = SignedSample(
    body: #"{"messageType":{"a":1},"messagePlatform":"x","timestamp":[],"messageBody":5}"#,
    signature: "ba88e49c8d8854b9f7ba29ed46fabc99e5146aabd05c0aaeb8fecfba760fab00")
  static let notJSON = SignedSample(
    body: #"refund=110000235001"#,
    signature: "f7008366b63a10f0243ffe3ff166fe723688ba51896b811eeb242336c2efae81")
  static let notObject = SignedSample(
    body: #"[{"messageType":"9"}]"#,
    signature: "ad9d54354ea3ed34708e6d8afe0020221338b7e85e17b54c83caa35369e5caaf")
  static let nested = SignedSample(
    body: String(repeating: #"{"a":"#, count: 200) + "1" + String(repeating: "}", count: 200),
    signature: "42195ab57d965578c937826499e59ab4023c2ff6d9ee45e7695af979372d590b")
  static let empty = SignedSample(
    body: #""#,
    signature: "113bb1babbad129d7d1d0df027474a91e8f673d4c227d81c8efe01a3fffb7cb1")
}
