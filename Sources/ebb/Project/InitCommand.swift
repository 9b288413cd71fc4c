import ArgumentParser
import JSON

/// `ebb init [FOLDER]`
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a project: its settings, and what editors need to know of the language.",
    discussion: """
      Writes ebb.yaml, .gitignore, and settings for the Lua language server with
      the types of the whole language. Nothing that is there is overwritten.

      Example:
        ebb init demo && cd demo && ebb new hello && ebb test
      """)

  @Argument(help: "The folder; this one where left out.")
  var folder = "."

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let written = try ProjectFiles.write(ProjectFiles.project, into: folder)
    if output.json {
      let document: JSON = ["status": "done", "exit_code": 0, "files": .array(written.map(JSON.string))]
      return Terminal.print(document.text(.pretty))
    }
    Terminal.print("made a project in \(Terminal.clean(folder)); `ebb new NAME` adds a playbook with its test")
  }
}
