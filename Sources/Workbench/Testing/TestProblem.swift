/// Why a test asked for something that cannot be done, in the words of whoever writes tests.
struct TestProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
