import Redaction

/// A text that must never be shown: an address that holds a token, or a signing secret. It prints as nothing, and no sink
/// shows what is secret of it.
public struct ChannelSecret: Hashable, Sendable {
  /// The text itself, for whoever signs, sends or seals.
  public let text: String

  /// A secret that is hidden as a whole.
  public init(_ text: String) {
    self.text = text
    hide(secret: text.utf8)
  }

  /// A secret of which only those parts are hidden: the rest stands in texts that people have to read.
  init(_ text: String, hiding parts: [Substring]) {
    self.text = text
    for part in parts { hide(secret: part.utf8) }
  }
}

extension ChannelSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the mask.
  public var description: String { Redactor.mask }
  public var debugDescription: String { Redactor.mask }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
