/// The sources of a small catalogue.
enum Sample {
  static let menu = """
    - shop.things.get
    - shop.things.set
    - shop.events.changed

    """

  static let frame = """
    openapi: 3.1.0
    info: {title: Shop, version: "1"}
    components:
      parameters:
        AccessKey: {name: access-key, in: header, x-ebb-system: true, schema: {type: string}}
        NonceStr: {name: nonce-str, in: header, x-ebb-system: true, schema: {type: string}}
        Timestamp: {name: timestamp, in: header, x-ebb-system: true, schema: {type: string}}
        UserId: {name: user-id, in: header, x-ebb-system: true, schema: {type: string}}
        Signature: {name: signature, in: header, x-ebb-system: true, schema: {type: string}}
        WarehouseTimestamp: {name: timestamp, in: query, x-ebb-system: true, schema: {type: string}}
        WarehouseSign: {name: sign, in: query, x-ebb-system: true, schema: {type: string}}
      schemas:
        Envelope: {type: object, properties: {code: {type: integer}}}
        Message: {type: object, properties: {messageType: {type: string}}}
        Id: {type: string, x-ebb-id: true}

    """

  static let group = """
    paths:
      /things:
        post:
          operationId: shop.things.set
          summary: Change a thing
          x-ebb-market: Shop
          x-ebb-group: Things
          x-ebb-effect: write
          x-ebb-evidence: {method: documented, path: documented}
          x-ebb-write: sets-state
          x-ebb-claims: [{kind: shop.thing, id: /id}]
          x-ebb-before: {operation: shop.things.get, arguments: {id: /id}, fields: [], amount: /fee, direction: out}
          x-ebb-outcome:
            answer: confirms
            read: {operation: shop.things.get, arguments: {id: /id}}
            done: {/state: ["-20"]}
            not_done: otherwise
            repeat: safe
          x-ebb-plan: {answer: true}
          x-ebb-body:
            type: object
            required: [id]
            properties:
              id: {$ref: '#/components/schemas/Id'}
              waybill: {type: string, pattern: "^a"}
          x-ebb-example: {id: "7"}
          x-ebb-answer: {type: boolean}
          x-ebb-answer-example: true
      /things/{id}:
        get:
          operationId: shop.things.get
          summary: Get a thing
          x-ebb-market: Shop
          x-ebb-group: Things
          x-ebb-effect: read
          x-ebb-evidence: {method: documented, path: inferred}
          parameters:
            - {name: id, in: path, required: true, schema: {$ref: '#/components/schemas/Id'}}
          x-ebb-example: {id: "7"}
          x-ebb-answer: {$ref: '#/components/schemas/Thing'}
          x-ebb-answer-example: {state: "-20"}
    webhooks:
      shop.events.changed:
        post:
          operationId: shop.events.changed
          summary: A thing changed
          x-ebb-market: Shop
          x-ebb-group: Events
          x-ebb-effect: event
          x-ebb-evidence: {method: documented, path: unknown}
          x-ebb-about: {id: [/fee], says: /state}
          x-ebb-answer: {$ref: '#/components/schemas/Thing'}
    components:
      schemas:
        Thing:
          type: object
          properties:
            state: {type: string, x-ebb-words: {"10": open, "-20": closed}}
            fee: {type: integer, x-ebb-unit: fen}

    """
}
