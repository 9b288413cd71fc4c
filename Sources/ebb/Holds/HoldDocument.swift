import JSON
import Journal
import Playbooks

extension Hold {
  /// A hold for machines: `{subject, profile, why, by, since, until}`; profile null: for all shops, until null: until it
  /// is released.
  var document: JSON {
    [
      "subject": .string(subject), "profile": profile.map(JSON.string) ?? .null, "why": .string(why),
      "by": .string(by), "since": .string(InstantText.text(since)),
      "until": until.map { .string(InstantText.text($0)) } ?? .null,
    ]
  }
}

extension Freeze {
  /// A freeze for machines: `{profile, why, by, since}`; profile null: all shops.
  var document: JSON {
    [
      "profile": profile.map(JSON.string) ?? .null, "why": why.map(JSON.string) ?? .null, "by": .string(by),
      "since": .string(InstantText.text(since)),
    ]
  }

  /// What it stops, for people.
  var reach: String { profile.map { "writes of \($0)" } ?? "writes of all shops" }
}
