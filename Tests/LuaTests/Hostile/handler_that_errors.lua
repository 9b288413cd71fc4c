-- ends: ends time runtime
for i = 1, 1e6 do
  xpcall(error, function(e) error(e) end, "x")
end
