import Catalogue
import JSON
import Playbooks

extension Configuration {
  /// What all playbooks of a profile are held to, each of them and, for a day, all together.
  func guards(of settings: ProfileSettings) throws(CommandFailure) -> Guards {
    let settings = try completed(settings)
    let catalogue = try Catalogue.forCommands()
    do throws(ParameterProblem) {
      let guards = try Guards(parsing: .object(settings.guards))
      try guards.check(against: catalogue)
      return guards
    } catch {
      let origin = settings.guardsOrigin ?? settings.origin
      throw .configuration(
        "\(origin): profiles.\(settings.name): \(error.description)", hint: error.hint, label: "profile_guards")
    }
  }
}
