import JSON
import Testing

@testable import Catalogue

/// The embedded catalogue; a damaged one stops every test.
let embedded: Catalogue = {
  do {
    return try Catalogue.embedded()
  } catch {
    preconditionFailure("\(error)")
  }
}()

let allOperations = embedded.operations
let calls = allOperations.filter { $0.effect != .event }
let writes = allOperations.filter { $0.effect == .write }

/// One write and the reads it needs, small enough to be read at a glance.
enum Small {
  static func catalogue() throws -> Catalogue {
    try Catalogue(parsing: JSON(parsing: document))
  }

  static func operation(_ id: String) throws -> Operation {
    try #require(try catalogue()[id])
  }

  static let document = """
    {"openapi": "3.1.0", "x-ebb-order": ["shop.things.get", "shop.things.list", "shop.things.set",
     "shop.things.add", "shop.things.pay", "shop.events.changed"],
     "components": {
      "parameters": {"Key": {"name": "access-key", "in": "header", "x-ebb-system": true, "schema": {}}},
      "schemas": {
       "Id": {"type": "string", "x-ebb-id": true},
       "IntegerId": {"type": "integer", "x-ebb-id": true},
       "Thing": {"type": "object", "properties": {
        "id": {"$ref": "#/components/schemas/Id", "description": "its id"},
        "number": {"$ref": "#/components/schemas/IntegerId"},
        "state": {"type": "string", "x-ebb-words": {"10": "open", "-20": "closed"}},
        "quantity": {"type": "integer"}, "fee": {"type": "integer", "x-ebb-unit": "fen"},
        "price": {"type": "string", "x-ebb-unit": "yuan"}, "isOld": {"type": ["boolean", "null"]},
        "rate": {"type": "number"}, "login": {"type": "string", "x-ebb-secret": true},
        "phone": {"type": "string", "x-ebb-personal": true}, "time": {"type": "integer", "x-ebb-unit": "ms"},
        "tags": {"type": "array", "items": {"type": "string"}}}}}},
     "webhooks": {"shop.events.changed": {"post": {"operationId": "shop.events.changed", "summary": "Changed",
       "x-ebb-market": "Shop", "x-ebb-group": "Events", "x-ebb-effect": "event",
       "x-ebb-evidence": {"method": "documented", "path": "unknown"},
       "requestBody": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {
        "messageBody": {"$ref": "#/components/schemas/Thing"}}}]}}}}}}},
     "paths": {
      "/things/{id}": {"get": {"operationId": "shop.things.get", "summary": "Get a thing", "x-ebb-title-zh": "查东西",
       "x-ebb-market": "Shop", "x-ebb-group": "Things", "x-ebb-effect": "read",
       "x-ebb-evidence": {"method": "documented", "path": "inferred"},
       "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"$ref": "#/components/schemas/Id"}},
        {"$ref": "#/components/parameters/Key"}],
       "responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {
        "data": {"$ref": "#/components/schemas/Thing"}}}]}}}}}}},
      "/things/list": {"post": {"operationId": "shop.things.list", "summary": "List things",
       "x-ebb-market": "Shop", "x-ebb-group": "Things", "x-ebb-effect": "read",
       "x-ebb-evidence": {"method": "documented", "path": "documented"},
       "x-ebb-page": {"number": "/page", "size": "/size", "maximum": 50, "rows": "/data", "id": "/thing/id",
        "total": "/totalPage", "records": "/totalRecords"},
       "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["size"],
        "properties": {"page": {"type": "integer", "minimum": 1}, "size": {"type": "integer", "maximum": 50},
         "since": {"type": "integer", "x-ebb-unit": "ms"}}}}}},
       "responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {"data":
        {"type": "object", "properties": {"data": {"type": "array", "items": {"type": "object", "properties":
         {"thing": {"$ref": "#/components/schemas/Thing"}}}}}}}}]}}}}}}},
      "/things/set": {"post": {"operationId": "shop.things.set", "summary": "Change a thing",
       "x-ebb-market": "Shop", "x-ebb-group": "Things", "x-ebb-effect": "write", "x-ebb-write": "sets-state",
       "x-ebb-evidence": {"method": "documented", "path": "documented"},
       "x-ebb-claims": [{"kind": "shop.thing", "id": "/id"}],
       "x-ebb-before": {"operation": "shop.things.get", "arguments": {"id": "/id"}, "fields": ["/state", "/quantity"],
        "amount": "/price", "direction": "forgone"},
       "x-ebb-outcome": {"answer": "confirms", "success": {"/ok": [true]},
        "read": {"operation": "shop.things.get", "arguments": {"id": "/id"}},
        "done": {"/quantity": [{"$argument": "/quantity"}]}, "not_done": "otherwise",
        "settle_after": "90s", "repeat": "safe"},
       "x-ebb-plan": {"answer": {"ok": true, "thing": {"$before": ""}},
        "set": {"/quantity": {"$argument": "/quantity"}},
        "rows": [{"operation": "shop.things.list", "in": "/data", "where": {"/thing/id": "/id"},
         "set": {"/thing/quantity": {"$argument": "/quantity"}}}]},
       "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["id", "quantity"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "quantity": {"type": "integer", "minimum": 0},
         "number": {"$ref": "#/components/schemas/IntegerId"}, "note": {"type": "string", "maxLength": 5,
          "x-ebb-max-bytes": 12, "minLength": 1}, "kind": {"type": "string", "enum": ["red", "green"]},
         "code": {"type": "integer", "enum": [1, 2], "x-ebb-words": {"1": "seller", "2": "buyer"}},
         "fee": {"type": "integer", "x-ebb-unit": "fen", "minimum": 1}, "price": {"type": "string", "x-ebb-unit": "yuan"},
         "cost": {"type": "number", "x-ebb-unit": "yuan"}, "flag": {"type": "boolean"}, "rate": {"type": "number"},
         "memo": {"type": ["string", "null"]}, "waybill": {"type": "string", "pattern": "^[A-Z]{2}[0-9]+$"},
         "pics": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
         "lines": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "array",
          "items": {"type": "object", "required": ["itemId"], "properties": {"itemId": {"$ref":
           "#/components/schemas/Id"}, "price": {"type": "string"}}}}},
         "receiver": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"},
          "city": {"type": "string"}}}}}}}},
       "responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {"data":
        {"type": "object", "properties": {"ok": {"type": "boolean"}, "thing": {"$ref": "#/components/schemas/Thing"}}}
        }}]}}}}}}},
      "/things/add": {"post": {"operationId": "shop.things.add", "summary": "Add a thing",
       "x-ebb-market": "Shop", "x-ebb-group": "Things", "x-ebb-effect": "write", "x-ebb-write": "keyed",
       "x-ebb-evidence": {"method": "documented", "path": "assumed"},
       "x-ebb-claims": [{"kind": "shop.thing.key", "id": "/state", "optional": true}],
       "x-ebb-before": {"amount": {"argument": "/lines/*/fee"}, "direction": "out"},
       "x-ebb-key": {"field": "/state"},
       "x-ebb-outcome": {"answer": "accepts", "repeat": "once",
        "read": {"operation": "shop.things.get", "arguments": {"id": {"$answer": "/id"}}},
        "fallback": {"operation": "shop.things.list", "arguments": {"size": 50, "since": {"$since": "5m"}},
         "find": {"in": "/data", "where": {"/thing/state": "/state"}, "newer": "/thing/time"}},
        "done": "found", "not_done": "absent"},
       "x-ebb-plan": {"answer": {"id": {"$plan": "thing"}}},
       "requestBody": {"content": {"application/json": {"schema": {"type": "object",
        "properties": {"state": {"type": "string"}, "lines": {"type": "array", "items": {"type": "object",
         "properties": {"fee": {"type": "integer", "x-ebb-unit": "fen"}}}}}}}}},
       "responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {"data":
        {"$ref": "#/components/schemas/Thing"}}}]}}}}}}},
      "/things/pay": {"post": {"operationId": "shop.things.pay", "summary": "Pay things",
       "x-ebb-market": "Shop", "x-ebb-group": "Things", "x-ebb-effect": "write", "x-ebb-write": "sets-state",
       "x-ebb-evidence": {"method": "documented", "path": "assumed"},
       "x-ebb-claims": [{"kind": "shop.thing", "each": "/ids"}],
       "x-ebb-before": {"operation": "shop.things.get", "each": "/ids", "arguments": {"id": "/ids/*"}, "fields": [],
        "amount": "/fee", "direction": "out"},
       "x-ebb-outcome": {"answer": "hints", "success": {"/ok": [true]}, "repeat": "once",
        "read": {"operation": "shop.things.get", "each": "/ids", "arguments": {"id": "/ids/*"}},
        "done": {"/state": ["paid"]}, "not_done": {"/state": ["10"]}},
       "x-ebb-plan": {"answer": {"ok": true}, "rows": [{"operation": "shop.things.list", "each": "/ids", "in": "/data",
        "where": {"/thing/id": "/ids/*"}, "set": {"/thing/state": "paid"}}]},
       "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": ["ids"],
        "properties": {"ids": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Id"}}}}}}},
       "responses": {"200": {"content": {"application/json": {"schema": {"allOf": [{}, {"properties": {"data":
        {"type": "object", "properties": {"ok": {"type": "boolean"}}}}}]}}}}}}}
     }}
    """
}
