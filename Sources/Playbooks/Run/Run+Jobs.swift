import Catalogue
import Journal
import PandaPon

extension Run {
  /// Hands out work; what comes of it arrives in the mailbox.
  func hand(out job: Job, to group: inout DiscardingTaskGroup) {
    // The closures take what they use and no more: there is one for every branch that waits.
    let mailbox = mailbox
    switch job {
    case .read(let path, let operation, let arguments):
      let reader = surroundings.reader
      guard let machine = machine(at: path), machine.isAnnounced else {
        group.addTask { mailbox.post(.answered(path, await reader.read(operation, arguments))) }
        return
      }
      // A write that left is read back also when the run is cancelled.
      group.addTask {
        let reading = Task { await reader.read(operation, arguments) }
        mailbox.post(.answered(path, await reading.value))
      }
    case .write(let path, let operation, let arguments):
      guard case .live(let writer) = surroundings.writes else { return }
      // Another worker may hold the run since, and would send it as well.
      guard surroundings.leases.holds(assignment.id) else {
        ending = .lost
        return
      }
      group.addTask {
        // A write that left must be waited for, also when the run is cancelled.
        let sending = Task { await writer.write(operation, arguments) }
        mailbox.post(.answered(path, await sending.value))
      }
    case .wait(let path, let instant):
      let clock = surroundings.clock
      group.addTask {
        try? await clock.sleep(until: instant)
        mailbox.post(.waited(path))
      }
    case .admit(let path, let channel): admit(path, to: channel, in: &group)
    case .notify(let path, let notice): send(notice, at: path, in: &group)
    }
  }
}
