import JSON
import Logging

/// What rooms say through swift-log, in the service's own log.
struct ServeLogHandler: LogHandler {
  let log: ServeLog
  var metadata = Logger.Metadata()
  var logLevel = Logger.Level.info

  init(log: ServeLog) { self.log = log }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let level: RunDisplay.Level =
      switch event.level {
      case .trace, .debug: .debug
      case .info, .notice: .info
      case .warning: .warn
      case .error, .critical: .error
      }
    var fields: JSONObject = [:]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }
    ) {
      fields[key] = .string("\(value)")
    }
    log.say(level, "\(event.message)", fields)
  }
}
