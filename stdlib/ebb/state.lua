--- What a playbook remembers from one run to the next: small values by key, one memory for each playbook and shop.
---
--- `state.get` of a key answers what the latest `state.set` kept, in whatever run that was. Each call is a step: a run that
--- goes on after a crash sees what it saw, and what it kept is kept once. Two runs may use a memory at the same time; what
--- is read and then written is not one step, so where only the first may act, use `state.claim`.
---
--- There is room for 10,000 values of at most 65,536 bytes as JSON, and for 100,000 claims. Functions cannot be kept, and
--- money comes back as the plain table `{ fen = …, currency = … }`. A plan sees what is remembered, and what it would
--- change is forgotten with it. `ebb state list NAME` shows a playbook's memory.
local host = ...

---@class ebb.state
local state = {}

--- The value that is kept under a key; nil where there is none.
---@param key string|integer # 1 to 100 bytes, such as `"mark"` or `"refund/110000235001"`
---@return any value
function state.get(key) return (host.state_get(key)) end

--- Keeps a value in place of what was there: text, numbers, booleans, and tables of these.
---@param key string|integer
---@param value any # not nil: `state.delete` forgets a key
function state.set(key, value) host.state_set(key, value) end

--- Forgets a key.
---@param key string|integer
---@return boolean existed
function state.delete(key) return (host.state_delete(key)) end

--- Claims a name for an owner, first come, first served, and answers whose it is: of all runs and processes that claim the
--- same name, one is the first. A claim is held for good; the same owner may claim its name again.
---
---     local owner = state.claim("waybill", row.waybill, refund.id)
---     if owner ~= refund.id then return hand_over(refund, "another refund has this waybill", owner) end
---@param namespace string # what is claimed, such as `"waybill"`
---@param key string|integer # which one
---@param owner string|integer # for whom
---@return string owner # always text, as ids are
function state.claim(namespace, key, owner) return (host.state_claim(namespace, key, owner)) end

--- The keys of values that begin so, sorted by their bytes; all of them without a prefix. Claims are not among them.
---@param prefix? string
---@return string[] keys
function state.keys(prefix) return (host.state_keys(prefix)) end

return state
