import Foundation

/// Searches many bytes for many forms of a secret at once.
struct CanarySearch {
  private let needles: [(name: String, bytes: [UInt8])]
  /// The needles by their first four bytes.
  private let starts: [UInt32: [Int]]
  /// Whether any needle begins with those two bytes: most places of a text are done with it.
  private let isStart: [Bool]

  init(_ forms: CanaryForms) {
    needles = forms.needles.filter { $0.bytes.count >= 4 }
    var starts: [UInt32: [Int]] = [:]
    var isStart = [Bool](repeating: false, count: 1 << 16)
    for (index, needle) in needles.enumerated() {
      let bytes = needle.bytes
      starts[Self.word(bytes[0], bytes[1], bytes[2], bytes[3]), default: []].append(index)
      isStart[Int(bytes[0]) << 8 | Int(bytes[1])] = true
    }
    (self.starts, self.isStart) = (starts, isStart)
  }

  private static func word(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> UInt32 {
    UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// The name of a form that stands in the bytes; nil where none does.
  func found(in haystack: [UInt8]) -> String? {
    haystack.withUnsafeBytes { text in
      isStart.withUnsafeBufferPointer { isStart in
        var place = 0
        let end = text.count - 4
        while place <= end {
          if isStart[Int(text[place]) << 8 | Int(text[place + 1])],
            let candidates = starts[Self.word(text[place], text[place + 1], text[place + 2], text[place + 3])]
          {
            for index in candidates {
              let needle = needles[index]
              if place + needle.bytes.count <= text.count,
                text[place..<place + needle.bytes.count].elementsEqual(needle.bytes)
              {
                return needle.name
              }
            }
          }
          place += 1
        }
        return nil
      }
    }
  }
}
