-- Time.
local host = ...

function now() return host.now() end
function sleep(duration) host.sleep(duration) end
function wait_until(instant) host.wait_until(instant) end
