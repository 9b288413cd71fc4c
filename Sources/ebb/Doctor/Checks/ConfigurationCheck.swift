import Foundation

/// Whether the configuration can be read, and which places it comes from.
struct ConfigurationCheck: DoctorCheck {
  let name = "configuration"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    let configuration: Configuration
    do {
      configuration = try patient.configuration.get()
    } catch {
      return [.failed(error)]
    }
    var found: [Diagnosis] = []
    let variables = (Array(configuration.environment.values.keys) + configuration.environment.secretNames)
      .filter { $0.hasPrefix("EBB_") && !configuration.ignoredVariables.contains($0) }.sorted()
    let file = configuration.file.map { "\($0)" } ?? "no ebb.yaml here or above, so all has its default"
    found.append(
      .ok(variables.isEmpty ? file : "\(file); over it \(variables.joined(separator: ", "))"))
    for name in configuration.ignoredVariables {
      let meant = Suggestion.nearest(to: name, in: Configuration.variables).map { "did you mean \($0)?" }
      found.append(.warning("\(name) is set and means nothing to Ebb", hint: meant ?? "unset it"))
    }
    do {
      _ = try configuration.timeZone()
    } catch {
      found.append(.failed(error))
    }
    return found
  }
}
