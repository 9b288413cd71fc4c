-- ends: runtime
os.date("*t", math.maxinteger)
