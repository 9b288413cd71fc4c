-- ends: runtime
host.note(table.unpack({}, 1, 300000))
