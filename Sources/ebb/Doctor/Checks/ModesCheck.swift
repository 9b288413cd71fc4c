import Foundation

/// Whether others on this machine can read what Ebb keeps: answers hold phones and addresses.
struct ModesCheck: DoctorCheck {
  let name = "modes"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    guard let path = try? patient.storePath.get(), patient.hasStore else {
      return [.ok("nothing is kept yet")]
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    var found: [Diagnosis] = []
    // A folder of the user's own choosing may hold other things; the files are what matters.
    if folder.hasSuffix("/.ebb/"), let mode = Patient.mode(of: folder), mode & 0o077 != 0 {
      found.append(
        .warning("others may look into \(folder) (\(Self.text(mode)))", hint: "chmod 700 \(folder)"))
    }
    let vault = (try? patient.configuration.get())?.vault.path
    for file in [path, path + "-wal", path + "-shm"] + [vault].compactMap(\.self) {
      guard let mode = Patient.mode(of: file), mode & 0o077 != 0 else { continue }
      found.append(.error("others may read \(file) (\(Self.text(mode)))", hint: "chmod 600 \(file)"))
    }
    return found.isEmpty ? [.ok("only you can read what is kept in \(folder)")] : found
  }

  private static func text(_ mode: Int) -> String {
    let digits = String(mode & 0o777, radix: 8)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
