import Foundation

let tool = CatalogueTool(root: ".") { line in FileHandle.standardError.write(Data((line + "\n").utf8)) }
exit(tool.run(Array(CommandLine.arguments.dropFirst())))
