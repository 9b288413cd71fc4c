/// Reads in a compiled chunk which lines do something, as Lua 5.4 writes it (ldump.c): compiled by this process, never a file.
struct CompiledChunk {
  private let bytes: [UInt8]
  private var position = 0
  private var found: Set<Int> = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The lines; nothing where the chunk is of another form than that of Lua 5.4.
  mutating func lines() -> Set<Int> {
    // The mark, version and format, six bytes against conversions, three sizes, an integer and a number to compare with.
    let header: [UInt8] = [0x1B, 0x4C, 0x75, 0x61, 0x54, 0, 0x19, 0x93, 0x0D, 0x0A, 0x1A, 0x0A, 4, 8, 8]
    guard bytes.starts(with: header) else { return [] }
    // Then the number of the main function's upvalues.
    position = header.count + 8 + 8 + 1
    return function() ? found : []
  }

  /// One function and those in it; false where the bytes end too soon.
  private mutating func function() -> Bool {
    guard skipText(), let first = number(), number() != nil, position + 3 <= bytes.count else { return false }
    let isVariadic = bytes[position + 1] != 0
    position += 3
    guard let instructions = number(), skip(instructions * 4), skipConstants(), let upvalues = number(),
      skip(upvalues * 3), let functions = number()
    else { return false }
    for _ in 0..<functions where !function() { return false }
    return readLines(instructions, from: first, isVariadic: isVariadic) && skipNames()
  }

  private mutating func skipConstants() -> Bool {
    guard let count = number() else { return false }
    for _ in 0..<count {
      guard position < bytes.count else { return false }
      let tag = bytes[position]
      position += 1
      switch tag {
      case 0x03, 0x13: guard skip(8) else { return false }
      case 0x04, 0x14: guard skipText() else { return false }
      default: break
      }
    }
    return true
  }

  /// Each instruction's line: a difference to the one before, or -128 where the next absolute line holds.
  private mutating func readLines(_ instructions: Int, from first: Int, isVariadic: Bool) -> Bool {
    guard let count = number(), position + count <= bytes.count else { return false }
    let differences = bytes[position..<position + count].map { Int(Int8(bitPattern: $0)) }
    position += count
    guard let absolute = number() else { return false }
    var anchors: [Int] = []
    for _ in 0..<absolute {
      guard number() != nil, let line = number() else { return false }
      anchors.append(line)
    }
    var line = first
    var anchor = anchors.makeIterator()
    for (index, difference) in differences.enumerated() {
      line = difference == -128 ? anchor.next() ?? line : line + difference
      // The first instruction of a function with `...` only takes the arguments.
      if index > 0 || !isVariadic { found.insert(line) }
    }
    return true
  }

  private mutating func skipNames() -> Bool {
    guard let locals = number() else { return false }
    for _ in 0..<locals {
      guard skipText(), number() != nil, number() != nil else { return false }
    }
    guard let upvalues = number() else { return false }
    for _ in 0..<upvalues where !skipText() { return false }
    return true
  }

  /// Seven bits a byte, the most significant first; the last has its top bit set.
  private mutating func number() -> Int? {
    var value = 0
    while position < bytes.count, value < 1 << 48 {
      let byte = bytes[position]
      position += 1
      value = value << 7 | Int(byte & 0x7F)
      if byte & 0x80 != 0 { return value }
    }
    return nil
  }

  /// A text with its length and one more before it; 0 stands for none.
  private mutating func skipText() -> Bool {
    guard let length = number() else { return false }
    return length == 0 || skip(length - 1)
  }

  private mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, position + count <= bytes.count else { return false }
    position += count
    return true
  }
}
