import JSON

/// One cell of a sheet, before it is typed.
struct SheetCell: Equatable {
  /// What is written, without white space at its ends.
  let text: String
  /// The value of a row that came as JSON; nil for text of a CSV.
  let value: JSON?
  /// Whether the sheet marks it as text: no spreadsheet took digits from it.
  let isMarkedText: Bool

  /// A cell of a CSV. `="0123"`, a leading apostrophe and a leading tab mark text, as spreadsheets do.
  init(_ field: DelimitedText.Field) {
    var content = field.text.trimmed
    var isMarked = field.text.first == "\t"
    if content.hasPrefix("=\""), content.hasSuffix("\""), content.count >= 3 {
      content = content.dropFirst(2).dropLast().trimmed
      isMarked = true
    } else if content.first == "'" {
      content = content.dropFirst()
      isMarked = true
    }
    text = String(content)
    value = nil
    isMarkedText = isMarked
  }

  /// A member of a row that is an object.
  init(_ value: JSON) {
    text = value.scalarText.map { String($0.trimmed) } ?? (value.isNull ? "" : value.text())
    self.value = value
    isMarkedText = true
  }

  /// Whether nothing stands in it.
  var isEmpty: Bool { text.isEmpty }
}
