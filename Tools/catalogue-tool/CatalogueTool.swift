import JSON

/// The command: reads its arguments, says what is wrong, and ends with an exit code.
struct CatalogueTool {
  /// The project's folder.
  let root: String
  /// Takes one line for a person.
  let say: (String) -> Void

  private static let usage = """
    usage: catalogue-tool [--check | --lint [FILE…]]

    Merges catalogue/*.yaml into one OpenAPI 3.1 document and writes Sources/CResources/generated/catalogue.json and
    docs/operations.md.

      --check   write nothing; exit 1 when a written file is stale
      --lint    write nothing; check the given files only (all where none is given)
    """

  /// Runs the command; 0 when all is well, 1 when something is wrong, 2 for a wrong argument.
  func run(_ arguments: [String]) -> Int32 {
    var isChecking = false
    var isLinting = false
    var files: [String] = []
    for argument in arguments {
      switch argument {
      case "--check": isChecking = true
      case "--lint": isLinting = true
      case "--help", "-h":
        say(Self.usage)
        return 0
      case let other where isLinting && !other.hasPrefix("-"): files.append(other)
      default:
        say("catalogue-tool: unknown argument \(argument)\n\(Self.usage)")
        return 2
      }
    }
    do {
      let sources = try CatalogueFolder(path: "\(root)/catalogue").read(only: files)
      let merged = try CatalogueMerger(sources: sources, isPartial: !files.isEmpty).merge()
      let problems = try CatalogueAudit(document: merged, isPartial: !files.isEmpty).problems()
      for problem in problems { say("catalogue-tool: \(problem)") }
      guard problems.isEmpty else {
        say("catalogue-tool: \(problems.count) problem(s)")
        return 1
      }
      return isLinting ? 0 : try publish(merged, isChecking: isChecking)
    } catch {
      say("catalogue-tool: \(error)")
      return 1
    }
  }

  private func publish(_ document: JSON, isChecking: Bool) throws -> Int32 {
    let outputs: [(path: String, bytes: [UInt8])] = [
      ("Sources/CResources/generated/catalogue.json", document.bytes(.compact)),
      ("docs/operations.md", Array(try OperationsPage(document: document).text().utf8)),
    ]
    var isStale = false
    for output in outputs where (try? TextFile.read("\(root)/\(output.path)")) != output.bytes {
      isStale = true
      if isChecking {
        say("catalogue-tool: \(output.path) is stale\nhint: run `make catalogue` and commit what it writes")
      } else {
        try TextFile.write(output.bytes, to: "\(root)/\(output.path)")
      }
    }
    return isChecking && isStale ? 1 : 0
  }
}
