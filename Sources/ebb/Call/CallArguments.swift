import Catalogue
import JSON

/// The words after `ebb call OPERATION`, as the table a script would give.
///
/// - `k=v`: a value, typed by the operation's schema;
/// - `k:=JSON`, `k:=@FILE`: any JSON;
/// - `@FILE`, `-`: the whole table as JSON, from a file or from standard input; words after it lie over it;
/// - one bare word: the value of the only required argument.
struct CallArguments {
  /// How files and standard input are read; injected for tests.
  struct Inputs: Sendable {
    /// The bytes of a file.
    var file: @Sendable (String) throws(CommandFailure) -> [UInt8]
    /// All of standard input.
    var standardInput: @Sendable () throws(CommandFailure) -> [UInt8]
  }

  private let operation: Operation
  private let inputs: Inputs

  init(_ operation: Operation, inputs: Inputs) {
    self.operation = operation
    self.inputs = inputs
  }

  /// The table for these words.
  func table(_ words: [String]) throws(CommandFailure) -> JSON {
    if words.count == 1, let bare = try bareValue(words[0]) { return bare }
    var table = JSONObject()
    for word in words {
      if word == "-" {
        try merge(try inputs.standardInput(), from: "standard input", into: &table)
      } else if word.hasPrefix("@") {
        try merge(try inputs.file(String(word.dropFirst())), from: String(word.dropFirst()), into: &table)
      } else {
        let (key, value) = try member(word)
        table[key] = value
      }
    }
    return .object(table)
  }

  /// The value of a single word without a key.
  private func bareValue(_ word: String) throws(CommandFailure) -> JSON? {
    guard word != "-", !word.hasPrefix("@"), !word.contains("=") else { return nil }
    let required = operation.fields.filter(\.isRequired)
    guard let field = required.count == 1 ? required.first : operation.fields.count == 1 ? operation.fields.first : nil
    else { return nil }
    return .object([field.name: try typed(word, field.name, field.schema)])
  }

  private func member(_ word: String) throws(CommandFailure) -> (String, JSON) {
    guard let equals = word.firstIndex(of: "=") else {
      throw .usage(
        "\"\(word)\" is no argument of the form name=value",
        hint: "ebb api show \(operation.id) lists the arguments; give them as name=value, name:=JSON, @file.json or -")
    }
    let value = String(word[word.index(after: equals)...])
    if word[..<equals].hasSuffix(":") {
      let key = String(word[..<equals].dropLast())
      let isFile = value.hasPrefix("@")
      let bytes = isFile ? try inputs.file(String(value.dropFirst())) : Array(value.utf8)
      return (key, try parsed(bytes, isFile ? String(value.dropFirst()) : key))
    }
    let key = String(word[..<equals])
    // An unknown name is left to the catalogue, which says which one was meant.
    guard let field = operation.fields.first(where: { $0.name == key }) else { return (key, .string(value)) }
    return (key, try typed(value, key, field.schema))
  }

  /// Text as the schema wants it: an integer, a number or a boolean where that is what is expected, text otherwise.
  private func typed(_ text: String, _ name: String, _ schema: Schema) throws(CommandFailure) -> JSON {
    if schema.kinds.isEmpty || schema.accepts(.string) && schema.content == nil { return .string(text) }
    if schema.isID { return .string(text) }
    if schema.accepts(.object) || schema.accepts(.array) || schema.content != nil {
      guard text.hasPrefix("{") || text.hasPrefix("[") else {
        throw .usage(
          "\(operation.id): \(name) must be \(schema.expectation)",
          hint: "give it as \(name):='{…}', \(name):='[…]' or \(name):=@file.json")
      }
      return try parsed(Array(text.utf8), name)
    }
    switch text {
    case "true" where schema.accepts(.boolean): return true
    case "false" where schema.accepts(.boolean): return false
    default: break
    }
    let value = try? JSON(parsing: text)
    switch value {
    case .integer?, .bigInteger?, .number?: return value ?? .null
    // What is neither is left to the catalogue, which says what was expected.
    default: return .string(text)
    }
  }

  private func merge(_ bytes: [UInt8], from source: String, into table: inout JSONObject) throws(CommandFailure) {
    guard case .object(let object) = try parsed(bytes, source) else {
      throw .usage("\(source) must hold a JSON object with the operation's arguments")
    }
    for (key, value) in object { table[key] = value }
  }

  private func parsed(_ bytes: [UInt8], _ source: String) throws(CommandFailure) -> JSON {
    do {
      return try JSON(parsing: bytes)
    } catch {
      throw .usage(
        "\(source) is not valid JSON: \(error)", hint: "quote it for the shell: name:='{\"key\": \"value\"}'")
    }
  }
}

extension CallArguments.Inputs {
  /// The files and the standard input of this process; at most 16 MB each.
  static let process = CallArguments.Inputs(
    file: { path throws(CommandFailure) in try InputFile.read(path) },
    standardInput: { () throws(CommandFailure) in try InputFile.readStandardInput() })
}
