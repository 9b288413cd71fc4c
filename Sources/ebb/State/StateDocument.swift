import JSON
import Journal
import Playbooks

extension StateEntry {
  /// The entry as `--json` has it.
  var document: JSON {
    var fields: JSONObject = ["playbook": .string(key.scope.playbook), "profile": .string(key.scope.profile)]
    if let namespace = key.namespace {
      fields["claim"] = .string(namespace)
      fields["key"] = .string(key.name)
      fields["owner"] = value
    } else {
      fields["key"] = .string(key.name)
      fields["value"] = value
    }
    fields["changed"] = .string(InstantText.text(changed))
    fields["by"] = .string(by)
    return .object(fields)
  }
}
