-- ends: runtime
os.time({ year = 1 << 60, month = 1 << 60, day = 1 })
