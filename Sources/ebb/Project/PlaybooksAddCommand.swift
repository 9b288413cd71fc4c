import ArgumentParser
import JSON
import Playbooks

/// `ebb playbooks add NAME`
struct PlaybooksAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Copy a playbook and its tests into the project, to be changed there.",
    discussion: """
      Example:
        ebb playbooks add cancel_stale_refunds
      """)

  @Argument(help: "Its name.")
  var name: String

  @Option(help: ArgumentHelp("The folder of playbooks.", valueName: "folder"))
  var playbooks = "scripts"

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let playbook = try PlaybooksCommand.shipped(name)
    var files = [ProjectFiles.File(path: "\(name).lua", text: String(decoding: playbook.source, as: UTF8.self))]
    if let tests = playbook.tests {
      files.append(ProjectFiles.File(path: "\(name)_test.lua", text: String(decoding: tests, as: UTF8.self)))
    }
    let written = try ProjectFiles.write(files, into: playbooks)
    if output.json {
      let document: JSON = ["status": "done", "exit_code": 0, "files": .array(written.map(JSON.string))]
      return Terminal.print(document.text(.pretty))
    }
    for path in written { Terminal.print("wrote \(Terminal.clean(path))") }
  }
}
