-- Runs a chunk for every line on standard input, and prints the seconds of CPU it took.
local chunk = assert(loadfile(arg[1]))
for _ in io.lines() do
  local start = os.clock()
  chunk()
  print(os.clock() - start)
  io.flush()
end
