public import Catalogue

/// Finds out whether an API takes a profile's requests, and which part is wrong where it does not: the network, the
/// clock, the key, the user id or the signature.
///
/// It sends one harmless read at a time, five at most: with the timestamp in the recipe's unit, then in the other;
/// without the user id; and with a key that nobody has, since an API that answers that in other words knows ours.
public struct AccountTest: Sendable {
  private let profile: Profile
  private let credentials: Credentials
  private let probe: Probe

  /// A test by that read.
  ///
  /// - Parameters:
  ///   - credentials: those to test.
  ///   - operation: a read that changes nothing, e.g. `taobao.refunds.get` of an id that need not exist: an answer that
  ///     it does not is as good as any.
  public init(
    _ profile: Profile, _ credentials: Credentials, asking operation: Operation, _ arguments: Arguments,
    over transport: any Transport, surroundings: Surroundings = .live
  ) {
    self.profile = profile
    self.credentials = credentials
    probe = Probe(operation: operation, arguments: arguments, transport: transport, surroundings: surroundings)
  }

  /// Sends what is needed to know.
  public func run() async -> AccountReport {
    var report = AccountReport(operation: probe.operation.id, recipe: profile.signing)
    if let refusal = probe.refusal(by: profile) {
      report.verdict = .unclear(refusal)
      return report
    }
    for unit in [profile.signing.timestamp, profile.signing.timestamp.other] {
      var trial = profile
      trial.signing.timestamp = unit
      guard await settles(&report, with: trial, "timestamp in \(unit.rawValue)") else { continue }
      return report
    }
    if let skew = report.skew, skew.isTooLarge {
      report.verdict = .clock(skew)
      return report
    }
    let said = report.answers.first?.text
    if profile.userID != nil {
      var trial = profile
      trial.userID = nil
      for unit in [profile.signing.timestamp, profile.signing.timestamp.other] {
        trial.signing.timestamp = unit
        guard await settles(&report, with: trial, "without user-id, timestamp in \(unit.rawValue)") else { continue }
        if report.verdict == .accepted { report.verdict = .userID }
        return report
      }
    }
    await compareWithAKeyThatNobodyHas(&report, said)
    return report
  }

  /// Sends one request, and notes what came of it.
  ///
  /// - Returns: whether nothing more is to be asked.
  private func settles(_ report: inout AccountReport, with trial: Profile, _ what: String) async -> Bool {
    let (verdict, skew) = await probe.send(trial, by: credentials)
    report.skew = report.skew ?? skew
    switch verdict {
    case .accepted:
      report.answers.append(AccountReport.Answer(what, "accepted"))
      report.recipe = trial.signing
      report.verdict = .accepted
    case .refused(let text):
      report.answers.append(AccountReport.Answer(what, text))
      return false
    case .unclear(let failure):
      report.answers.append(AccountReport.Answer(what, "\(failure)"))
      report.verdict = .unclear(failure)
    case .unreachable(let error):
      report.answers.append(AccountReport.Answer(what, "\(error)"))
      report.verdict = .network(error)
    }
    return true
  }

  /// Tells an unknown key from a wrong signature.
  private func compareWithAKeyThatNobodyHas(_ report: inout AccountReport, _ said: String?) async {
    // As long as ours, and drawn at random.
    let length = credentials.accessKey.utf8.count
    var key = ""
    while key.utf8.count < length { key += probe.surroundings.nonce().lowercased() }
    guard let stranger = try? Credentials(accessKey: String(key.prefix(length)), secret: credentials.secret),
      case (.refused(let text), _) = await probe.send(profile, by: stranger)
    else {
      report.verdict = .keyOrSignature
      return
    }
    report.answers.append(AccountReport.Answer("with a key that nobody has", text))
    report.verdict = text == said ? .keyOrSignature : .signature
  }
}

extension SigningRecipe.TimestampUnit {
  /// The one of the two that it is not.
  var other: Self { self == .milliseconds ? .seconds : .milliseconds }
}
