import ArgumentParser
import JSON

/// `ebb new NAME`
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Add a playbook and its test, both ready to be changed.",
    discussion: """
      Example:
        ebb new chase_sellers
        ebb test --filter chase_sellers
      """)

  @Argument(help: "The playbook's name: small letters, digits and _.")
  var name: String

  @Option(help: ArgumentHelp("The folder of playbooks.", valueName: "folder"))
  var playbooks = "scripts"

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let isName =
      name.utf8.count <= 60 && name.first?.isNumber == false && !name.hasSuffix("_test")
      && name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
    guard isName else {
      throw CommandFailure.usage(
        "\"\(Terminal.clean(name))\" cannot be a playbook's name",
        hint: "small letters, digits and _, a letter first, such as chase_sellers", label: "playbook_name")
    }
    let written = try ProjectFiles.write(ProjectFiles.playbook(name), into: playbooks)
    if output.json {
      let document: JSON = ["status": "done", "exit_code": 0, "files": .array(written.map(JSON.string))]
      return Terminal.print(document.text(.pretty))
    }
    for path in written { Terminal.print("wrote \(Terminal.clean(path))") }
    Terminal.print("`ebb test` runs its tests; `ebb run \(Terminal.clean(written[0]))` runs it for a shop")
  }
}
