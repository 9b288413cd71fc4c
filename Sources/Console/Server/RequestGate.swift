import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Guards one connection against senders that are slow or send too much; carries out what ``RequestGateState`` says.
///
/// It stands between the HTTP decoder and the server, so that a body over the limit is refused without being read.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var state: RequestGateState
  private let refused: @Sendable (GateRefusal) -> Void
  private let budget: BodyBudget
  private var held = 0
  private var timer: Scheduled<Void>?

  init(limits: CallbackLimits, budget: BodyBudget, refused: @escaping @Sendable (GateRefusal) -> Void) {
    state = RequestGateState(limits: limits)
    self.budget = budget
    self.refused = refused
  }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { time(state.opened(), context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    time(state.opened(), context)
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let action =
      switch unwrapInboundIn(data) {
      case .head(let head): state.head(contentLength: head.headerFields[.contentLength].flatMap { Int($0) })
      case .body(let part): take(part.readableBytes) ? state.body(count: part.readableBytes) : state.noRoom()
      case .end: state.end()
      }
    carryOut(action, context) { context.fireChannelRead(data) }
  }

  func read(context: ChannelHandlerContext) {
    if state.reads { context.read() }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard state.reads else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    context.write(data, promise: promise)
    if case .end = unwrapOutboundIn(data) {
      giveBack()
      carryOut(state.answered(), context) {}
    }
  }

  private func carryOut(_ action: RequestGateState.Action, _ context: ChannelHandlerContext, _ pass: () -> Void) {
    switch action {
    case .pass(let limit):
      if let limit { time(limit, context) }
      pass()
    case .passUntimed:
      timer?.cancel()
      pass()
    case .drop: break
    case .refuse(let reason):
      refused(reason)
      answer(reason, context)
    case .close(let reason):
      if reason != .idle { refused(reason) }
      context.close(promise: nil)
    }
  }

  /// Answers and says no more, but leaves the connection open for a moment: closing it while the peer still sends would
  /// reset it, and the answer be lost.
  private func answer(_ reason: GateRefusal, _ context: ChannelHandlerContext) {
    giveBack()
    let isTooLarge = reason == .tooLarge
    let status = HTTPResponse.Status(code: isTooLarge ? 413 : 503)
    let message = isTooLarge ? "the body is larger than a callback can be" : CallbackOutcome.overloaded.message
    let body = ByteBuffer(bytes: AnswerText.bytes(status: status.code, message: message))
    let head = HTTPResponse(
      status: status,
      headerFields: [
        .connection: "close", .contentType: "application/json", .contentLength: String(body.readableBytes),
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.close(mode: .output, promise: nil)
    time(state.limits.lingerTime, context)
  }

  private func take(_ count: Int) -> Bool {
    guard budget.take(count) else { return false }
    held += count
    return true
  }

  private func giveBack() {
    budget.give(held)
    held = 0
  }

  private func end() {
    timer?.cancel()
    timer = nil
    giveBack()
  }

  private func time(_ limit: Duration, _ context: ChannelHandlerContext) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
      self.carryOut(self.state.timedOut(), context) {}
    }
  }
}
