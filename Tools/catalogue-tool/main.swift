print("catalogue-tool")
