import JSON
import Testing
@Test func a() throws {
  #expect(
    try JSON(parsing: "{\"a\":[1,1.0,null,12345678901234567890]}").text() == "{\"a\":[1,1.0,null,12345678901234567890]}"
  )
}
