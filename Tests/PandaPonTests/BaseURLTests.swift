import PandaPon
import Testing

@Suite struct BaseURLTests {
  @Test(arguments: [
    ("https://api.pandapon.com", "https://api.pandapon.com"),
    ("https://API.PandaPon.com/", "https://api.pandapon.com"),
    ("https://api.pandapon.com:443/", "https://api.pandapon.com"),
    ("https://api.pandapon.com:8443/gateway/v1/", "https://api.pandapon.com:8443/gateway/v1"),
    ("HTTPS://api.pandapon.com/a%20b", "https://api.pandapon.com/a%20b"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ("http://127.9.9.9", "http://127.9.9.9"),
    ("http://localhost:80/x", "http://localhost/x"),
    ("http://[::1]:9/", "http://[::1]:9"),
    ("https://[2001:db8::1]/", "https://[2001:db8::1]"),
  ])
  func reads(_ text: String, as expected: String) throws {
    #expect(try BaseURL(parsing: text).description == expected)
    #expect(try BaseURL(parsing: expected).description == expected)
  }

  @Test(arguments: [
    ("api.pandapon.com", "base_url_scheme_missing"),
    ("", "base_url_scheme_missing"),
    ("api.pandapon.com:443/x", "base_url_scheme_missing"),
    ("user:hunter2@api.pandapon.com", "base_url_user_information"),
    ("https://user:hunter2@api.pandapon.com", "base_url_user_information"),
    ("ftp://api.pandapon.com", "base_url_scheme_unsupported"),
    ("http://api.pandapon.com", "base_url_clear_text"),
    ("http://127.0.0.1.example.com", "base_url_clear_text"),
    ("http://127.0.0.1.", "base_url_clear_text"),
    ("http://127.1", "base_url_clear_text"),
    ("http://localhost.example.com", "base_url_clear_text"),
    ("http://[::2]", "base_url_clear_text"),
    ("http://0.0.0.0", "base_url_clear_text"),
    ("https://", "base_url_host"),
    ("https://a b", "base_url_host"),
    ("https://例子.com", "base_url_host"),
    ("https://a..b", "base_url_host"),
    ("https://[::1", "base_url_host"),
    ("https://[zz]", "base_url_host"),
    ("https://a:0", "base_url_port"),
    ("https://a:65536", "base_url_port"),
    ("https://a:+1", "base_url_port"),
    ("https://a:", "base_url_port"),
    ("https://a/?x=1", "base_url_query"),
    ("https://a/#x", "base_url_query"),
    ("https://a/../b", "base_url_path"),
    ("https://a/b//c", "base_url_path"),
    ("https://a/b c", "base_url_path"),
    ("https://a/%zz", "base_url_path"),
  ])
  func refuses(_ text: String, as label: String) throws {
    let error = try #require(throws: BaseURLError.self) { try BaseURL(parsing: text) }
    #expect(error.label == label)
    #expect(!error.description.isEmpty && !error.hint.isEmpty)
    #expect(!error.description.contains("hunter2"))
  }

  @Test func suggestsTheScheme() throws {
    let error = try #require(throws: BaseURLError.self) { try BaseURL(parsing: "api.pandapon.com") }
    #expect(error.hint.contains("https://api.pandapon.com"))
  }

  @Test(arguments: [
    ("http://localhost", true), ("http://127.0.0.1", true), ("http://[::1]", true), ("https://127.0.0.1", true),
    ("https://api.pandapon.com", false), ("https://128.0.0.1", false),
  ])
  func knowsLoopback(_ text: String, _ expected: Bool) throws {
    #expect(try BaseURL(parsing: text).isLoopback == expected)
  }
}
