-- ends: runtime
error(nil)
