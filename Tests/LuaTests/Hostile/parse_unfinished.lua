-- ends: syntax
if true then
  while true do
    local s = [==[ never closed
