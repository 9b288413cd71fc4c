/// Words of which the worlds are made.
enum Samples {
  static let titles: [(chinese: String, english: String, category: String, property: String, values: [String])] = [
    ("加厚珊瑚绒毛毯午睡毯", "Thick coral fleece throw blanket", "121452", "颜色分类", ["米白", "浅灰", "藏青"]),
    ("不锈钢保温杯大容量车载水杯", "Stainless steel vacuum flask", "121453", "容量", ["500ml", "750ml", "1L"]),
    ("男士纯棉短袖T恤夏季宽松", "Men's loose cotton T-shirt", "121454", "尺码", ["M", "L", "XL"]),
    ("女士百褶半身裙高腰中长款", "High-waisted pleated midi skirt", "121454", "颜色分类", ["黑色", "卡其", "酒红"]),
    ("硅胶厨房铲勺套装耐高温", "Heat-resistant silicone utensil set", "121455", "颜色分类", ["灰色", "绿色"]),
    ("无线蓝牙耳机入耳式降噪", "Noise-cancelling wireless earbuds", "121456", "颜色分类", ["白色", "黑色"]),
    ("儿童积木拼装玩具大颗粒", "Large building blocks for children", "121457", "规格", ["120粒", "240粒"]),
    ("宠物自动饮水机循环过滤", "Filtering pet water fountain", "121458", "颜色分类", ["白色", "粉色"]),
    ("折叠收纳箱布艺衣物整理箱", "Foldable fabric storage box", "121455", "尺寸", ["中号", "大号"]),
    ("登山包户外双肩背包40升", "Outdoor backpack 40 l", "121459", "颜色分类", ["军绿", "橙色", "黑色"]),
    ("复古台灯护眼学习阅读灯", "Retro reading desk lamp", "121456", "颜色分类", ["古铜", "哑黑"]),
    ("瑜伽垫加宽防滑健身垫", "Wide non-slip yoga mat", "121459", "厚度", ["8mm", "10mm"]),
  ]

  static let places = [
    "浙江省杭州市余杭区文一西路969号", "广东省广州市白云区石井大道18号", "福建省泉州市晋江市陈埭镇鞋都路6号",
    "江苏省苏州市常熟市服装城南路27号", "浙江省金华市义乌市稠州北路699号", "河北省保定市高碑店市白沟镇富民路8号",
    "山东省临沂市兰山区物流大道112号", "广东省深圳市龙华区民治街道梅龙路5号",
  ]

  static let surnames = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙"]

  static let shops = [
    "暖阳家居旗舰店", "杯之源百货", "木棉服饰工厂店", "小鹿童装", "厨味生活馆", "声动数码专营", "积趣玩具", "喵星人用品",
    "简物收纳", "远山户外", "灯火照明", "静心运动",
  ]

  static func surname(_ draws: inout SeededGenerator) -> String { draws.pick(surnames) ?? "" }
  static func address(_ draws: inout SeededGenerator) -> String { draws.pick(places) ?? "" }

  /// A phone in a range that is given to nobody (prefix 100).
  static func phone(_ draws: inout SeededGenerator) -> String {
    "100" + String(draws.draw(10_000_000...99_999_999))
  }

  /// A waybill as that carrier writes it, 15 characters.
  static func waybill(_ carrier: Carrier, _ draws: inout SeededGenerator) -> String {
    let length = 15 - carrier.prefix.count
    let digits = String(draws.draw(1_000_000_000_000...9_999_999_999_999))
    return carrier.prefix + String(repeating: "0", count: max(0, length - digits.count)) + digits.suffix(length)
  }

  static let refusals: [(reason: String, explanation: String)] = [
    ("商品已发出", "亲，包裹已经在路上，请签收后再联系我们。"), ("影响二次销售", "吊牌已剪，无法退货退款。"),
    ("举证不足", "请提供开箱视频和商品照片。"), ("金额不符", "运费不在退款范围内，请修改金额。"),
  ]

  static let agreements = ["请寄回原包装，拒收到付件。", "收到货检查无误后退款。", "请在包裹内附上订单号。"]
}
