public import Logging
import Redaction

/// A log handler that hides every secret of the process before another handler sees it: in the message, the error and
/// the metadata, keys included, also those of the provider.
///
/// Put around whatever handler the process writes its logs with.
public struct RedactingLogHandler<Inner: LogHandler>: LogHandler {
  private var inner: Inner

  /// A handler that passes clean events on to `inner`.
  public init(_ inner: Inner) {
    self.inner = inner
    provider = inner.metadataProvider
    // Asked here, so that what it provides is cleaned with the rest.
    self.inner.metadataProvider = nil
  }

  private var provider: Logger.MetadataProvider?

  public var metadataProvider: Logger.MetadataProvider? {
    get { provider }
    set { provider = newValue }
  }

  public var metadata: Logger.Metadata {
    get { inner.metadata }
    set { inner.metadata = Self.clean(newValue) }
  }

  public var logLevel: Logger.Level {
    get { inner.logLevel }
    set { inner.logLevel = newValue }
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { inner[metadataKey: redact(key)] }
    set { inner[metadataKey: redact(key)] = newValue.map { Self.clean($0) } }
  }

  public func log(event: LogEvent) {
    var clean = event
    clean.message = "\(redact(event.message.description))"
    var metadata = provider?.get() ?? [:]
    metadata.merge(event.metadata ?? [:]) { _, own in own }
    clean.metadata = metadata.isEmpty ? nil : Self.clean(metadata)
    clean.error = event.error.map { CleanError(description: redact(String(describing: $0))) }
    inner.log(event: clean)
  }

  private static func clean(_ metadata: Logger.Metadata) -> Logger.Metadata {
    Logger.Metadata(metadata.map { (redact($0.key), clean($0.value)) }) { first, _ in first }
  }

  private static func clean(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
    switch value {
    case .string(let text): .string(redact(text))
    case .stringConvertible(let value): .string(redact(value.description))
    case .dictionary(let members): .dictionary(clean(members))
    case .array(let elements): .array(elements.map { clean($0) })
    }
  }
}

/// An error whose text was cleaned; what it was before is not passed on, since its parts could be printed.
private struct CleanError: Error, CustomStringConvertible {
  var description: String
}
