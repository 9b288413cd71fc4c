-- ends: runtime
require("../../etc/passwd")
