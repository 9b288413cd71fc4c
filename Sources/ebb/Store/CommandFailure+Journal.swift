import Journal

extension CommandFailure {
  /// What the store could not do: exit code 3 where its file is the trouble, else 1.
  init(_ error: JournalError) {
    self.init(
      error.isConfiguration ? .configuration : .failed, error.description, hint: error.hint,
      label: "store_\(error.label)")
  }
}
