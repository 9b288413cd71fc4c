import ArgumentParser

/// `ebb channels …`
struct ChannelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "channels",
    abstract: "Keep ways to send news to people, their addresses sealed in the vault.",
    discussion: """
      A channel is a group's robot in DingTalk, Feishu, WeCom or Slack, or any HTTP
      endpoint. Its address holds a token: it is typed without being shown or comes
      by standard input, and playbooks name the channel (docs/channels.md).

      Example:
        ebb channels add ops --kind dingtalk
        ebb channels test ops
      """,
    subcommands: [
      ChannelsAddCommand.self, ChannelsListCommand.self, ChannelsTestCommand.self, ChannelsRemoveCommand.self,
    ])
}
