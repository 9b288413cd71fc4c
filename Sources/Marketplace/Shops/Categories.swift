import JSON

/// The category tree of both marketplaces: a root, `0`, and one level below.
enum Categories {
  private static let leaves: [(id: String, chinese: String, english: String)] = [
    ("121452", "家纺", "Home textiles"), ("121453", "杯壶", "Cups and flasks"), ("121454", "服装", "Clothing"),
    ("121455", "厨房收纳", "Kitchen and storage"), ("121456", "数码照明", "Electronics and lighting"),
    ("121457", "玩具", "Toys"), ("121458", "宠物用品", "Pets"), ("121459", "运动户外", "Sports and outdoors"),
  ]

  static func name(_ id: String) -> String { leaves.first { $0.id == id }?.chinese ?? "其他" }

  /// A node with its children; nil where there is no such category.
  static func answer(_ id: String) -> JSON? {
    if id == "0" {
      var root = node("0", "全部", "All categories", parent: .null, level: "0", leaf: false)
      root["children"] = .array(leaves.map { node($0.id, $0.chinese, $0.english, parent: 0, level: "1", leaf: true) })
      return root
    }
    guard let leaf = leaves.first(where: { $0.id == id }) else { return nil }
    var answer = node(leaf.id, leaf.chinese, leaf.english, parent: 0, level: "1", leaf: true)
    answer["children"] = []
    return answer
  }

  private static func node(
    _ id: String, _ chinese: String, _ english: String, parent: JSON, level: String, leaf: Bool
  ) -> JSON {
    [
      "categoryId": .idNumber(id), "chineseName": .string(chinese), "translatedName": .string(english),
      "leaf": .bool(leaf), "level": .string(level), "parentCateId": parent,
    ]
  }
}
