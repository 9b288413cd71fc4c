import Foundation
import JSON

let usage = """
  usage: catalogue-tool [--check | --lint [FILE…]]

  Merges catalogue/*.yaml into one OpenAPI 3.1 document and writes Sources/CResources/generated/catalogue.json and
  docs/operations.md.

    --check   write nothing; exit 1 when a written file is stale
    --lint    write nothing; check the given files only (all where none is given)

  """

func say(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

func run(_ arguments: [String]) -> Int32 {
  var isChecking = false
  var isLinting = false
  var files: [String] = []
  for argument in arguments {
    switch argument {
    case "--check": isChecking = true
    case "--lint": isLinting = true
    case "--help", "-h":
      say(usage)
      return 0
    case let other where isLinting && !other.hasPrefix("-"): files.append(other)
    default:
      say("catalogue-tool: unknown argument \(argument)\n\(usage)")
      return 2
    }
  }
  do {
    let sources = try CatalogueFolder(path: "catalogue").read(only: files)
    let merged = try CatalogueMerger(sources: sources, isPartial: !files.isEmpty).merge()
    let problems = try CatalogueAudit(document: merged, isPartial: !files.isEmpty).problems()
    for problem in problems { say("catalogue-tool: \(problem)") }
    guard problems.isEmpty else {
      say("catalogue-tool: \(problems.count) problem(s)")
      return 1
    }
    if isLinting { return 0 }
    return try publish(merged, isChecking: isChecking)
  } catch {
    say("catalogue-tool: \(error)")
    return 1
  }
}

func publish(_ document: JSON, isChecking: Bool) throws -> Int32 {
  let outputs: [(path: String, bytes: [UInt8])] = [
    ("Sources/CResources/generated/catalogue.json", document.bytes(.compact)),
    ("docs/operations.md", Array(try OperationsPage(document: document).text().utf8)),
  ]
  var isStale = false
  for output in outputs where (try? TextFile.read(output.path)) != output.bytes {
    isStale = true
    if isChecking {
      say("catalogue-tool: \(output.path) is stale\nhint: run `make catalogue` and commit what it writes")
    } else {
      try TextFile.write(output.bytes, to: output.path)
    }
  }
  return isChecking && isStale ? 1 : 0
}

exit(run(Array(CommandLine.arguments.dropFirst())))
