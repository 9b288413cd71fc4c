-- ends: runtime
os.date("%Ez%O%")
