-- ends: time
-- All keys fall into one slot of a table of that size; moving them there takes the square of their number.
local t, step = {}, (1 << 18) - 1
for i = 1, 1 << 18 do t[i * step] = true end
