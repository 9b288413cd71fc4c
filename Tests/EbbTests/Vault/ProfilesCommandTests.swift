import Foundation
import JSON
import Testing

@testable import ebb

/// `ebb profiles`, by the built program.
@Suite struct ProfilesCommandTests {
  @Test func aSecretGoesInAndDoesNotComeOut() throws {
    let shop = try VaultProject(files: ["x.lua": "log('running') return 1"])
    let added = try shop.add(more: ["user_id": "2100007341207", "allow": ["inferred"], "quota": 5])
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.errors.contains("made \(shop.vault.path), locked by the key file \(shop.key.path)"))
    for command in [
      ["profiles", "list"], ["profiles", "list", "--json"], ["profiles", "show", "demo"],
      ["profiles", "show", "demo", "--json"], ["config", "show"], ["config", "show", "--json"], ["vault", "status"],
      ["vault", "verify"], ["vault", "audit"], ["run", "x.lua"], ["run", "x.lua", "--json"], ["vault", "rotate"],
      ["vault", "rekey"], ["runs", "list"], ["profiles", "list"],
    ] {
      let result = try shop.project.run(command)
      #expect(result.status == 0, "\(command): \(result.errors)")
      #expect(!(result.output + result.errors).contains(VaultProject.secret), "\(command)")
      #expect(!(result.output + result.errors).contains(VaultProject.accessKey), "\(command)")
    }
    let everything = try shop.everything()
    for form in [
      Array(VaultProject.secret.utf8), Array("t1de-9vK4".utf8), Array("/zm+00n".utf8),
      Array(Data(VaultProject.secret.utf8).base64EncodedString().dropLast(4).utf8), Array(VaultProject.accessKey.utf8),
    ] {
      #expect(!everything.contains(form), "\(String(decoding: form, as: UTF8.self))")
    }
    // The search would find it.
    #expect((everything + Array("x\(VaultProject.secret)".utf8)).contains(Array(VaultProject.secret.utf8)))
    var information = stat()
    #expect(stat(shop.vault.path, &information) == 0 && information.st_mode & 0o777 == 0o600)
    #expect(stat(shop.key.path, &information) == 0 && information.st_mode & 0o777 == 0o600)
  }

  @Test func listShowsFingerprints() throws {
    let shop = try VaultProject(files: ["ebb.yaml": "profiles:\n  other:\n    base_url: https://api.pandapon.com\n"])
    try shop.add("shop1")
    try shop.add("shop2", secret: "another-secret", options: ["--use"])
    try shop.add("shop3")
    let list = try #require(try shop.run("profiles", "list", "--json").json.array)
    #expect(list.map { $0["profile"] } == ["other", "shop1", "shop2", "shop3"])
    #expect(list.map { $0["source"]?.string?.hasPrefix("vault") } == [false, true, true, true])
    let prints = list.map { $0["fingerprint"]?.string }
    #expect(prints[0] == nil && prints[1] == prints[3] && prints[1] != prints[2])
    #expect(prints[1]?.count == 8 && prints[1]?.allSatisfy(\.isHexDigit) == true)
    #expect(list[1]["access_key"] == "58c0…" && list[1]["signing"] == "assumed")
    #expect(list.map { $0["default"] } == [false, false, true, false])
    let text = try shop.run("profiles", "list").output
    #expect(text.contains("shop2 *") && text.contains("* used when none is named"))
    #expect(try shop.run("profiles", "use", "shop1").status == 0)
    #expect(try shop.run("profiles", "show", "shop1", "--json").json["default"] == true)
  }

  @Test func aSecretIsReplacedInStages() throws {
    let shop = try VaultProject()
    try shop.add()
    func stages() throws -> [JSON?] {
      (try shop.run("profiles", "show", "demo", "--json").json["secrets"]?.array ?? []).map { $0["stage"] }
    }
    #expect(try shop.run("profiles", "secret", "demo", "--pending", input: "the-next-one\n").status == 0)
    #expect(try stages() == ["PENDING", "CURRENT"])
    #expect(try shop.run("profiles", "secret", "demo", "--promote").status == 0)
    #expect(try stages() == ["CURRENT", "PREVIOUS"])
    #expect(try shop.run("profiles", "secret", "demo", "--drop-previous").status == 0)
    #expect(try stages() == ["CURRENT"])
    let before = try shop.run("profiles", "show", "demo", "--json").json["fingerprint"]
    #expect(try shop.run("profiles", "secret", "demo", "--current", input: "one-more").status == 0)
    #expect(try shop.run("profiles", "show", "demo", "--json").json["fingerprint"] != before)
    #expect(try shop.run("profiles", "secret", "demo", "--promote").status == 3)
    for input in ["", "two\nlines\n", " blank"] {
      #expect(try shop.run("profiles", "secret", "demo", "--pending", input: input).status == 2, "\(input)")
    }
    #expect(try shop.run("profiles", "secret", "demo").status == 2)
    let everything = try shop.everything()
    for secret in ["the-next-one", "one-more"] { #expect(!everything.contains(Array(secret.utf8))) }
  }

  @Test func profilesAreEditedRenamedAndRemoved() throws {
    let shop = try VaultProject()
    try shop.add(more: ["quota": 5])
    let edited = try shop.run(
      "profiles", "edit", "demo", "--from-stdin", "--json",
      input: #"{"quota": null, "user_id": "7", "guards": {"max_writes": {"day": 5}}}"#)
    #expect(try edited.json["changed"] == ["guards", "quota", "user_id"], "\(edited.errors)")
    let shown = try shop.run("profiles", "show", "demo", "--json").json
    #expect(shown["quota"] == 10.0 && shown["user_id"] == "7" && shown["guards"] == ["max_writes": ["day": 5]])
    #expect(try shop.run("profiles", "rename", "demo", "shop-1").status == 0)
    #expect(try shop.run("profiles", "show", "demo").status == 3)
    #expect(try shop.run("profiles", "remove", "shop-1").status == 2, "nobody can be asked")
    #expect(try shop.run("profiles", "remove", "shop-1", "--yes").status == 0)
    #expect(try shop.run("profiles", "list", "--json").json == [])
    let actions = try shop.run("vault", "audit", "--json").output.split(separator: "\n")
      .map { try JSON(parsing: String($0))["action"] }
    #expect(actions == ["create", "add_profile", "edit_profile", "rename_profile", "remove_profile"])
  }

  @Test(
    arguments: [
      (#"{"base_url":"https://x.example","access_key":"k"}"#, "standard input: access_secret is missing", ""),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":"s3cr3t","acces_key":1}"#,
        "standard input: \"acces_key\" is no member of a profile", "did you mean"
      ),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":"s3cr3t","signing":{"diggest":"md5"}}"#,
        "standard input: \"signing.diggest\" is no member of a profile", "did you mean \"digest\"?"
      ),
      (
        #"{"base_url":"http://x.example","access_key":"k","access_secret":"s3cr3t"}"#,
        "base_url: plain http to x.example", "write https"
      ),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":"s3cr3t","signing":{"digest":"md6"}}"#,
        "signing.digest: ", "did you mean"
      ),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":"s3cr3t","guards":{"max_write":5}}"#,
        "profile: profiles.demo: ", ""
      ),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":"s3cr3t "}"#,
        "the access secret begins or ends with a space", "copy it"
      ),
      (
        #"{"base_url":"https://x.example","access_key":"k","access_secret":5}"#, "standard input: access_secret is not",
        ""
      ),
      ("access_secret: s3cr3t", "standard input: it is not JSON", "e.g. {"),
    ])
  func saysWhatIsWrongAndMakesNothing(_ input: String, _ message: String, _ hint: String) throws {
    let shop = try VaultProject()
    let result = try shop.run("profiles", "add", "demo", "--from-stdin", input: input)
    #expect(result.status == 2)
    #expect(result.errors.hasPrefix("ebb: \(message)"), "\(result.errors)")
    #expect(hint.isEmpty || result.errors.contains(hint), "\(result.errors)")
    #expect(!result.errors.contains("s3cr3t"))
    #expect(!FileManager.default.fileExists(atPath: shop.vault.path))
    #expect(!FileManager.default.fileExists(atPath: shop.key.path))
  }

  @Test(arguments: ["env", "all", "mode", "a b", "", "../x"])
  func refusesNamesWithAMeaning(_ name: String) throws {
    let shop = try VaultProject()
    #expect(try shop.add(name).status == 2)
  }

  @Test func oneNameOneProfile() throws {
    let shop = try VaultProject()
    try shop.add()
    let again = try shop.add()
    #expect(again.status == 3 && again.errors.contains("there is a profile \"demo\" in the vault already"))
    #expect(try shop.run("profiles", "show", "dmeo").errors.contains("did you mean \"demo\"?"))
    #expect(try shop.run("profiles", "use", "dmeo").errors.contains("did you mean \"demo\"?"))
    #expect(try shop.run("profiles", "add", "x", "--from-stdin", "--access-secret", "s").status == 2)
  }

  /// On a terminal nothing of the secret is shown, and the terminal is as it was afterwards.
  @Test func asksWithoutShowing() throws {
    let shop = try VaultProject()
    let script = """
      import os, pty, sys, termios, select
      pid, terminal = pty.fork()
      if pid == 0:
          os.execv(sys.argv[1], [sys.argv[1], "profiles", "add", "demo"])
      answers = [b"https://api.pandapon.com\\n", b"58c0201dfdf148eca63cbf6bb5e7cf03\\n", b"typxx\\x7f\\x7fed-s3cret\\n", b"\\n"]
      marks = [b"Base URL", b"AccessKey: ", b"(not shown): ", b"for none)"]
      seen, at = b"", 0
      while True:
          try:
              part = os.read(terminal, 4096)
          except OSError:
              break
          if not part:
              break
          seen += part
          while marks and marks[0] in seen[at:]:
              at = seen.index(marks[0], at) + len(marks[0])
              if marks[0] == b"(not shown): ":
                  echo = termios.tcgetattr(terminal)[3] & termios.ECHO
                  sys.stdout.write("echo %d\\n" % (1 if echo else 0))
              marks.pop(0)
              os.write(terminal, answers.pop(0))
      status = os.waitpid(pid, 0)[1]
      sys.stdout.flush()
      sys.stdout.buffer.write(seen)
      sys.exit(os.waitstatus_to_exitcode(status))
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-c", script, Binary.url.path]
    process.currentDirectoryURL = shop.project.folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": shop.home.path, "TERM": "dumb"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.hasPrefix("echo 0\n"))
    #expect(text.contains("AccessKey management") && !text.contains("s3cret"), "\(text)")
    #expect(text.contains("demo is sealed in"))
    // What was typed, without what was taken back.
    let same = try shop.add("other", secret: "typed-s3cret")
    #expect(same.status == 0)
    let list = try #require(try shop.run("profiles", "list", "--json").json.array)
    #expect(list[0]["fingerprint"] == list[1]["fingerprint"])
  }
}
