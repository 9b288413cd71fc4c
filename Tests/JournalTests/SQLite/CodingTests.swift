import Testing

@testable import Journal

@Suite struct CodingTests {
  static let ordinals = [0, 1, 2, 127, 128, 239, 240, 241, 255, 256, 257, 65_535, 65_536, 1 << 40, .max]

  @Test func pathsSortAsTheirBytes() {
    var paths = [StepPath()]
    for one in Self.ordinals {
      paths.append(StepPath([one]))
      for two in Self.ordinals {
        paths.append(StepPath([one, two]))
        paths.append(StepPath([one, two, 3]))
      }
    }
    for path in paths { #expect(PathBytes.decode(PathBytes.encode(path)) == path) }
    let sorted = paths.sorted { PathBytes.encode($0).lexicographicallyPrecedes(PathBytes.encode($1)) }
    #expect(sorted == paths.sorted())
  }

  @Test(arguments: [[0xF1, 1], [0xF0], [0xFF, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0xF7, 1, 2, 3]] as [[UInt8]])
  func otherBytesAreNoPath(_ bytes: [UInt8]) {
    #expect(PathBytes.decode(bytes) == nil)
  }

  @Test func framesComeBack() {
    let long = [UInt8](repeating: 7, count: 70_000)
    for parts in [[], [[]], [[], [1], []], [long, [1, 2]], [[UInt8](repeating: 1, count: 127), long]] as [[[UInt8]]] {
      #expect(Frames.split(Frames.joined(parts)) == parts)
    }
  }

  @Test(arguments: [[5], [1], [0x80], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]] as [[UInt8]])
  func otherBytesAreNoFrames(_ bytes: [UInt8]) {
    #expect(Frames.split(bytes) == nil)
  }

  @Test(arguments: ["", "d", "00", "0g", "A0", "a0ff", "0123456789abcdef", "abc", "é0"])
  func digestsComeBack(_ text: String) {
    switch Digests.value(text) {
    case .bytes(let bytes): #expect(Digests.text(bytes) == text && text.utf8.count == bytes.count * 2)
    case .text(let kept): #expect(kept == text)
    case .null, .integer: Issue.record("\(text) became something else")
    }
  }

  @Test func everyWordHasANumber() throws {
    try check(RunStatus.Wait.allCases)
    try check(Trigger.allCases)
    try check(RunRequest.allCases)
    try check(EffectState.allCases)
    try check(Approval.State.allCases)
    try check(Decision.Kind.allCases)
    try check([Charge.Direction.out, .in, .forgone])
    for status in RunStatus.everyStatus {
      #expect(try RunStatus(code: status.code, wait: status.waitCode) == status)
      #expect((status.code >= RunStatus.firstFinalCode) == status.isFinal)
    }
    let live = EffectState.allCases.filter(\.isLive).map { String($0.code) }.sorted().joined(separator: ", ")
    #expect(StoreReader.isLive == "e.state IN (\(live))")
  }

  private func check<Word: StoredCode>(_ words: [Word]) throws {
    #expect(Set(words) == Set(Word.stored) && words.count == Word.stored.count)
    for word in words { #expect(try Word(code: word.code) == word) }
    #expect(throws: JournalError.self) { try Word(code: -1) }
    #expect(throws: JournalError.self) { try Word(code: 99) }
  }

  @Test func placesAreToldApart() {
    let places = [
      PayloadPlace(owner: "a", kind: .step), PayloadPlace(owner: "a", path: "1", kind: .step),
      PayloadPlace(owner: "a1", kind: .step), PayloadPlace(owner: "a", path: "1", kind: .note),
      PayloadPlace(owner: "", path: "1", kind: .step), PayloadPlace(owner: "a", path: "1/1", kind: .step),
    ]
    #expect(Set(places.map(\.associatedData)).count == places.count)
  }
}
