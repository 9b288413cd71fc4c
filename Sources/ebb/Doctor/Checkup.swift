import JSON

/// All checks of `ebb doctor`, one after the other, and what they found.
struct Checkup: Sendable {
  /// What a check found.
  struct Result: Sendable {
    let check: String
    let diagnosis: Diagnosis
  }

  let results: [Result]

  /// The checks, in the order of their lines.
  static let checks: [any DoctorCheck] = [
    ConfigurationCheck(), VaultCheck(), StoreDiagnosis(), ModesCheck(), EffectsCheck(), ScheduleCheck(), ProfileCheck(),
    RecipeCheck(), EvidenceCheck(), ClockCheck(), ZoneCheck(), LuaCheck(),
  ]

  /// Looks at everything.
  init(of patient: Patient, checks: [any DoctorCheck] = Checkup.checks) async {
    var results: [Result] = []
    for check in checks {
      for diagnosis in await check.diagnoses(in: patient) {
        results.append(Result(check: check.name, diagnosis: diagnosis))
      }
    }
    self.results = results
  }

  /// How many lines are of that level.
  func count(_ level: Diagnosis.Level) -> Int { results.count { $0.diagnosis.level == level } }

  /// Exit code 1 where something does not work; a warning is none.
  var status: ExitStatus { count(.error) > 0 ? .failed : .done }

  /// For people: a line for each finding, and what to do about it below.
  func text(_ terminal: Terminal) -> String {
    var lines: [String] = []
    let column = results.map { TextWidth.columns($0.check) }.max() ?? 0
    for result in results {
      let level = result.diagnosis.level
      let word = level.rawValue + String(repeating: " ", count: 7 - level.rawValue.count)
      let name = result.check + String(repeating: " ", count: column - TextWidth.columns(result.check))
      let indent = String(repeating: " ", count: 7 + 2 + column + 2)
      let width = terminal.width.map { max(30, $0 - indent.count) } ?? .max
      let message = Paragraph.lines(Terminal.clean(result.diagnosis.message), width: width)
      lines.append(terminal.style.paint(word, level.role) + "  " + name + "  " + (message.first ?? ""))
      lines += message.dropFirst().map { indent + $0 }
      if let hint = result.diagnosis.hint {
        lines += Paragraph.lines("-> " + Terminal.clean(hint, keepLines: true), width: width).map { indent + $0 }
      }
    }
    lines.append("")
    lines.append(
      "\(CountText.grouped(count(.ok))) ok, \(CountText.grouped(count(.warning))) warnings, "
        + "\(CountText.grouped(count(.error))) errors")
    return lines.joined(separator: "\n")
  }

  /// For machines: `{status, exit_code, checks: [{check, level, message, hint}]}`.
  var document: JSON {
    [
      "status": .string(status.label), "exit_code": .integer(Int64(status.rawValue)),
      "checks": .array(
        results.map { result in
          [
            "check": .string(result.check), "level": .string(result.diagnosis.level.rawValue),
            "message": .string(result.diagnosis.message),
            "hint": result.diagnosis.hint.map(JSON.string) ?? .null,
          ]
        }),
    ]
  }
}

extension Diagnosis.Level {
  fileprivate var role: Style.Role {
    switch self {
    case .ok: .success
    case .warning: .warning
    case .error: .error
    }
  }
}
