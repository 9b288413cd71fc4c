import JSON
import PandaPon
import Testing

@testable import ebb

@Suite struct ConfigurationFileTests {
  static let whole = """
    zone: Asia/Shanghai
    language: en
    profiles:
      shop1:
        base_url: https://api.pandapon.com
        user_id: 2100007341207
        signing: {payload: "{access-key}{timestamp}", digest: hmac-sha256, encoding: lower-hex, timestamp: s}
        allow: [inferred, taobao.orders.get]
        paths:
          taobao.orders.list: /open/order/page
        quota: 5
      shop2:
        base_url: https://api.pandapon.com
    playbooks:
      cancel_stale_refunds:
        profiles: [shop1, shop2]
        mode: plan
        params: {stale_after: 10d, limit: 20, strict: true, note: "20", window: 23:00-08:00, odd: 007, nothing: ~}
        guards: {max_writes: {run: 20, day: 40}}
        shop2:
          params: {stale_after: 5d}
          guards: {max_writes: {run: 5}}
    """

  @Test func readsEveryKey() throws {
    let file = try ConfigurationFile(parsing: Self.whole, path: "/p/ebb.yaml")
    let shop = try #require(file.profiles["shop1"])
    #expect(file.zone == Setting(value: "Asia/Shanghai", origin: .file(path: "/p/ebb.yaml", line: 1)))
    #expect(shop.values[.baseURL]?.origin == .file(path: "/p/ebb.yaml", line: 5))
    #expect(shop.values[.userID]?.value == "2100007341207")
    #expect(shop.values[.payload]?.value == "{access-key}{timestamp}")
    #expect(shop.values[.timestamp]?.value == "s")
    #expect(shop.values[.quota]?.value == "5")
    #expect(shop.allow.map(\.value) == ["inferred", "taobao.orders.get"])
    #expect(shop.paths["taobao.orders.list"]?.value == "/open/order/page")
    #expect(file.profiles["shop2"]?.values[.digest] == nil)
    let playbook = try #require(file.playbooks["cancel_stale_refunds"])
    #expect(playbook.profiles == ["shop1", "shop2"])
    #expect(playbook.mode?.value == "plan")
  }

  @Test func valuesOfParametersStayWhatTheyLookLike() throws {
    let file = try ConfigurationFile(parsing: Self.whole, path: "ebb.yaml")
    let parameters = JSON.object(try #require(file.playbooks["cancel_stale_refunds"]).parameters)
    #expect(
      parameters == [
        "stale_after": "10d", "limit": 20, "strict": true, "note": "20", "window": "23:00-08:00", "odd": "007",
        "nothing": nil,
      ])
  }

  @Test func aShopsOwnSettingsLieOverTheCommonOnes() throws {
    let playbook = try #require(
      ConfigurationFile(parsing: Self.whole, path: "ebb.yaml").playbooks["cancel_stale_refunds"])
    #expect(playbook.parameters(for: "shop2")["stale_after"] == "5d")
    #expect(playbook.parameters(for: "shop2")["limit"] == 20)
    #expect(playbook.parameters(for: "shop1")["stale_after"] == "10d")
    #expect(JSON.object(playbook.guards(for: "shop2")) == ["max_writes": ["run": 5, "day": 40]])
    #expect(JSON.object(playbook.guards(for: "shop1")) == ["max_writes": ["run": 20, "day": 40]])
  }

  @Test(arguments: ["", "# nothing\n", "\u{FEFF}zone: Asia/Shanghai\n", "profiles:\n", "profiles: {a: }\n"])
  func littleIsEnough(_ text: String) throws {
    _ = try ConfigurationFile(parsing: text, path: "ebb.yaml")
  }

  @Test(
    arguments: [
      ("profils:\n  a: {}", "ebb.yaml:1: unknown key \"profils\"", "did you mean \"profiles\"?"),
      (
        "profiles:\n  a:\n    base-url: x", "ebb.yaml:3: unknown key \"profiles.a.base-url\"",
        "did you mean \"base_url\"?"
      ),
      (
        "profiles:\n  a:\n    signing:\n      digst: md5", "ebb.yaml:4: unknown key \"profiles.a.signing.digst\"",
        "did you mean \"digest\"?"
      ),
      (
        "profiles: {a: {}}\nplaybooks:\n  p:\n    b: {}", "ebb.yaml:4: unknown key \"playbooks.p.b\"",
        "did you mean \"a\"?"
      ),
      ("playbooks:\n  p:\n    parms: {}", "ebb.yaml:3: unknown key \"playbooks.p.parms\"", "did you mean \"params\"?"),
      (
        "zone: Asia/Shangai", "ebb.yaml:1: zone: there is no time zone \"Asia/Shangai\"",
        "did you mean \"Asia/Shanghai\"?"
      ),
      ("language: cn", "ebb.yaml:1: language: expected zh or en, found \"cn\"", nil),
      (
        "playbooks:\n  p:\n    mode: life", "ebb.yaml:3: playbooks.p.mode: expected plan or live, found \"life\"",
        "did you mean \"live\"?"
      ),
      (
        "profiles: {shop1: {}}\nplaybooks:\n  p:\n    profiles: [shop2]",
        "ebb.yaml:4: playbooks.p.profiles[0]: there is no profile \"shop2\"", "did you mean \"shop1\"?"
      ),
      ("profiles: 3", "ebb.yaml:1: profiles: expected a table (key: value), found a single value", nil),
      (
        "profiles:\n  a:\n    base_url: [x]", "ebb.yaml:3: profiles.a.base_url: expected a single value, found a list",
        nil
      ),
      (
        "profiles:\n  params: {}",
        "ebb.yaml:2: profiles.params: a profile cannot be named \"params\": the word has a meaning of its own", nil
      ),
      ("profiles:\n  a b: {}", "ebb.yaml:2: profiles.a b: a profile's name has letters, digits, _ and - only", nil),
    ] as [(String, String, String?)])
  func namesLineAndRemedy(_ text: String, _ message: String, _ hint: String?) throws {
    let failure = try #require(throws: CommandFailure.self) {
      try ConfigurationFile(parsing: text, path: "/p/ebb.yaml")
    }
    #expect(failure.message == message)
    #expect(failure.status == .configuration)
    if let hint { #expect(failure.hint == hint) }
  }

  @Test(arguments: [
    ("a: 1\na: 2", "a key appears twice"), ("zone: [", "ebb.yaml:"), ("zone: \"x", "not valid YAML"),
    ("\tzone: x", "not valid YAML"), ("- 1", "expected a table"),
  ])
  func saysWhatIsNoYAML(_ text: String, _ part: String) throws {
    let failure = try #require(throws: CommandFailure.self) {
      try ConfigurationFile(parsing: text, path: "/p/ebb.yaml")
    }
    #expect(failure.message.contains(part), "\(failure.message)")
    #expect(failure.message.hasPrefix("ebb.yaml:"))
  }

  @Test(arguments: ["access_secret", "secret", "access_key", "accessKey", "password"])
  func refusesSecretsWithoutRepeatingThem(_ key: String) throws {
    let failure = try #require(throws: CommandFailure.self) {
      try ConfigurationFile(parsing: "profiles:\n  a:\n    \(key): hunter2hunter2", path: "ebb.yaml")
    }
    #expect(failure.label == "secret_in_file")
    #expect(failure.hint?.contains("EBB_ACCESS_SECRET") == true)
    #expect(!failure.document.text().contains("hunter2"))
  }
}

@Suite struct ConfigurationTests {
  private func configuration(
    _ text: String?, _ environment: EnvironmentVariables = [:]
  ) throws -> Configuration {
    let file = try text.map { try ConfigurationFile(parsing: $0, path: "/p/ebb.yaml") }
    return Configuration(folder: "/p", file: file, environment: environment)
  }

  @Test func defaults() throws {
    let configuration = try configuration(nil)
    #expect(configuration.zone == Setting(value: "Asia/Shanghai", origin: .standard))
    #expect(configuration.language == Setting(value: "zh", origin: .standard))
    #expect(configuration.file == nil)
  }

  @Test func callbacksMayBeNarrowedToOneBase() throws {
    let text = "profiles:\n  a:\n    base_url: http://127.0.0.1:1\n    signing: {callbacks: \"%\"}"
    func recipe(_ value: String) throws -> CallbackRecipe {
      let configuration = try configuration(text.replacing("%", with: value))
      return try configuration.checkedProfile(configuration.profileSettings(named: "a")).callbacks
    }
    #expect(try recipe("access-key+body").bases == [.accessKeyAndBody])
    #expect(try recipe("body, access-key+body") == .standard)
    let failure = try #require(throws: CommandFailure.self) { try recipe("bodi") }
    #expect(failure.message == "ebb.yaml:4: \"bodi\" is not a base of a callback's signature")
    #expect(failure.hint == "did you mean body?")
  }

  @Test func theEnvironmentLiesOverTheFile() throws {
    let configuration = try configuration(
      ConfigurationFileTests.whole,
      ["EBB_SIGNING_DIGEST": "sha1", "EBB_ALLOW": "assumed, alibaba.orders.get", "EBB_USER_ID": ""])
    let shop = try configuration.profileSettings(named: "shop1")
    #expect(shop.values[.digest] == Setting(value: "sha1", origin: .environment("EBB_SIGNING_DIGEST")))
    #expect(shop.values[.encoding]?.origin == .file(path: "/p/ebb.yaml", line: 7))
    #expect(shop.values[.userID]?.value == "2100007341207")
    #expect(shop.allow.map(\.value) == ["assumed", "alibaba.orders.get"])
  }

  @Test(
    arguments: [
      (["shop1", "shop2"], true, nil, "env"), (["shop1", "shop2"], true, "shop2", "shop2"),
      (["shop1"], false, nil, "shop1"),
      ([], true, nil, "env"), (["shop1"], true, "env", "env"),
    ] as [([String], Bool, String?, String)])
  func choosesAProfile(_ names: [String], _ hasEnvironment: Bool, _ asked: String?, _ expected: String) throws {
    let text = "profiles: {" + names.map { "\($0): {base_url: \"https://x.example\"}" }.joined(separator: ", ") + "}"
    let environment: EnvironmentVariables = hasEnvironment ? ["EBB_BASE_URL": "http://127.0.0.1:1"] : [:]
    #expect(try configuration(text, environment).profileSettings(named: asked).name == expected)
  }

  @Test(
    arguments: [
      ([], nil, "no_profile", "no profile is configured"),
      (["a", "b"], nil, "which_profile", "several profiles are configured: a, b"),
      (["shop1"], "shop2", "unknown_profile", "there is no profile \"shop2\""),
      (["shop1"], "env", "unknown_profile", "there is no profile \"env\""),
    ] as [([String], String?, String, String)])
  func saysWhichProfileIsMissing(_ names: [String], _ asked: String?, _ label: String, _ message: String) throws {
    let text = "profiles: {" + names.map { "\($0): {}" }.joined(separator: ", ") + "}"
    let configuration = try configuration(text)
    let failure = try #require(throws: CommandFailure.self) { try configuration.profileSettings(named: asked) }
    #expect(failure.label == label)
    #expect(failure.message == message)
    #expect(failure.hint != nil)
  }

  @Test func aShopMayHaveCredentialsOfItsOwn() throws {
    let configuration = try configuration(
      "profiles: {shop-1: {}, shop2: {}}",
      [
        "EBB_ACCESS_KEY": "common", "EBB_ACCESS_SECRET": "secret-of-all-the-shops",
        "EBB_ACCESS_SECRET_SHOP_1": "secret-of-one-shop-only",
      ])
    #expect(configuration.credentialVariables(for: "shop-1") == ("EBB_ACCESS_KEY_SHOP_1", "EBB_ACCESS_SECRET_SHOP_1"))
    #expect(configuration.credentialVariables(for: "shop2") == ("EBB_ACCESS_KEY", "EBB_ACCESS_SECRET"))
    #expect(configuration.credentialVariables(for: "env") == ("EBB_ACCESS_KEY", "EBB_ACCESS_SECRET"))
  }

  @Test func namesVariablesThatMeanNothing() throws {
    let configuration = try configuration(nil, ["EBB_BASEURL": "x", "EBB_SECERT": "z", "PATH": "/bin"])
    #expect(configuration.ignoredVariables == ["EBB_BASEURL", "EBB_SECERT"])
    #expect(ConfigurationReport(configuration).ignored.first?.meant == "EBB_BASE_URL")
  }
}

@Suite struct ConfigurationReportTests {
  private static let secret = "b0rrowedM00nlight-9d3f"

  private func report() throws -> (ConfigurationReport, Configuration) {
    let file = try ConfigurationFile(
      parsing:
        "profiles:\n  shop1:\n    base_url: https://api.pandapon.com\n    signing: {payload: \"{nonce-str}\(Self.secret)\"}",
      path: "/p/ebb.yaml")
    let configuration = Configuration(
      folder: "/p", file: file,
      environment: [
        "EBB_ACCESS_KEY": "58c0201dfdf148eca63cbf6bb5e7cf03", "EBB_ACCESS_SECRET": "b0rrowedM00nlight-9d3f",
      ])
    return (ConfigurationReport(configuration), configuration)
  }

  @Test func saysWhereEachValueComesFrom() throws {
    let rows = try report().0.rows
    #expect(rows.contains(.init(key: "zone", value: "Asia/Shanghai", source: "default")))
    #expect(
      rows.contains(
        .init(key: "profiles.shop1.base_url", value: "https://api.pandapon.com", source: "ebb.yaml:3")))
    #expect(rows.contains(.init(key: "profiles.shop1.access_key", value: "58c0…", source: "EBB_ACCESS_KEY")))
    #expect(
      rows.contains(.init(key: "profiles.shop1.access_secret", value: "set, not shown", source: "EBB_ACCESS_SECRET")))
  }

  @Test func showsNoSecretInAnyForm() throws {
    let (report, configuration) = try report()
    let terminal = Terminal(environment: [:], output: false, error: false, input: false, columns: nil)
    var dumped = ""
    dump(configuration.environment, to: &dumped)
    for text in [report.text(terminal), report.document.text(.pretty), "\(configuration.environment)", dumped] {
      #expect(!text.contains(Self.secret))
    }
    #expect(report.text(terminal).contains("{nonce-str}[secret]"))
  }
}
