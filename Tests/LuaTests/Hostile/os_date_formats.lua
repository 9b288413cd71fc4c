-- ends: ends runtime time
for i = 1, 1e9 do os.date(("%c"):rep(1000)) end
