public import Catalogue
import Redaction

/// Which operations with an undocumented path may go to a live API.
///
/// A wrong guess at a mutating endpoint is worse than an error, so without an allowance only documented paths are used.
/// An allowance names grades (`inferred`, `assumed`) or single operations. Loopback addresses are allowed everything:
/// there, only a simulator answers.
public struct Allowance: Hashable, Sendable {
  /// The grades of paths that are allowed beside `documented`.
  public var grades: Set<Evidence>
  /// The ids of operations that are allowed whatever their grade.
  public var operations: Set<String>

  /// An allowance of these grades and operations.
  public init(grades: Set<Evidence> = [], operations: Set<String> = []) {
    (self.grades, self.operations) = (grades, operations)
  }

  /// Documented paths only.
  public static let documented = Allowance()

  /// Reads the words of a configuration: `inferred`, `assumed`, or operation ids.
  ///
  /// - Throws: `AllowanceError` for a word that is neither, with the nearest grade. Whether an operation of that id
  ///   exists is for whoever holds a catalogue to check, with ``operations``.
  public init(parsing words: some Sequence<String>) throws(AllowanceError) {
    self.init()
    for word in words {
      if word.contains(".") {
        operations.insert(word)
      } else if let grade = Evidence(rawValue: word), grade == .inferred || grade == .assumed {
        grades.insert(grade)
      } else if word != Evidence.documented.rawValue {
        throw AllowanceError(word: word)
      }
    }
  }

  /// Whether the operation may be sent with the path that the catalogue has for it.
  public func permits(_ operation: Operation) -> Bool {
    let grade = operation.evidence.path
    return grade == .documented || grades.contains(grade) || operations.contains(operation.id)
  }
}

/// A word of an allowance that is neither a grade nor an operation.
public struct AllowanceError: Error, Hashable, Sendable, CustomStringConvertible {
  private let word: String

  init(word: String) {
    self.word = redact(word)
  }

  /// What is wrong, for a person.
  public var description: String { "\"\(word)\" cannot be allowed: it is neither a grade nor an operation" }

  /// What to do about it.
  public var hint: String {
    let known = "known are inferred, assumed, and operation ids such as taobao.orders.cancel"
    return EditDistance.nearest(to: word, among: ["inferred", "assumed"]).map { "did you mean \($0)? \(known)" }
      ?? known
  }

  /// A short name from a fixed set, for metrics.
  public var label: String { "allowance_word" }
}
