-- ends: runtime time
(("a"):rep(300000)):match(("(a"):rep(300) .. (")"):rep(300))
