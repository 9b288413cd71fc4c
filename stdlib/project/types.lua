---@meta
-- What playbooks and their tests see beside Lua itself, for editors. Made by `ebb init`; not run.

---@generic T
---@param header { ebb: integer, name?: string, title?: string, params?: T, guards?: table, schedule?: table, on?: string[], mode?: "plan-first", profiles?: string[]|"all" }
---@return T
function playbook(header) end

---@type table<string, any> the typed parameters
params = {}
---@type table? the event that started the run
event = nil

---@class ebb.Subject
---@field id string

---@param subject ebb.Subject|string
---@param reason string a constant text; what varies is the detail
---@param detail? string|number
function keep(subject, reason, detail) end

---@param subject ebb.Subject|string
---@param reason string
---@param operation function such as taobao.refunds.cancel
---@param arguments? table|string
---@return table? answer nil where it was not done
---@return string? code why
function act(subject, reason, operation, arguments) end

---@param subject ebb.Subject|string
---@param reason string
---@param detail? string|number
function hand_over(subject, reason, detail) end

---@param title string
---@param items? table
---@param expires? string|integer
---@return boolean
function approve(title, items, expires) end

---@generic T
---@param list T[]
---@param options_or_function { concurrency: integer }|fun(item: T)
---@param fn? fun(item: T)
function each(list, options_or_function, fn) end

---@param functions function[]
---@return any[]
function parallel(functions) end

---@return integer milliseconds since 1970
function now() end
---@param duration string|integer
function sleep(duration) end
---@param instant integer|string
function wait_until(instant) end

---@param ... any
function log(...) end
---@param title string
---@param rows table[]|any[]
---@param options? { columns?: (string|{ key: string, heading?: string })[], totals?: boolean|string[] }
function report(title, rows, options) end

---@type table<string, any> operations; `ebb api list` shows them
taobao = {}
---@type table<string, any>
alibaba = {}
---@type table<string, any>
account = {}
---@type table<string, any>
warehouse = {}

-- Tests (NAME_test.lua)

---@param name string
---@param cases_or_body any[]|function
---@param body? function
function test(name, cases_or_body, body) end

---@class ebb.TestWorld
---@field seed integer
---@field faults string
---@field refunds string[] ids
---@field orders string[]
---@field alibaba_refunds string[]
---@field alibaba_orders string[]

---@param name string what holds in every world
---@param body fun(world: ebb.TestWorld)
function worlds(name, body) end

---@param contents { refunds?: table, orders?: table, alibaba_refunds?: table, alibaba_orders?: table }
---@return { refunds: table<any, string>, orders: table<any, string>, alibaba_refunds: table<any, string>, alibaba_orders: table<any, string> }
function given(contents) end
---@param id string of an order or a refund
---@param what string such as "ship", "agree", "refuse"
---@return table subject as `look` shows it
function happens(id, what) end
---@param id string
---@param facts table such as { left = "2h" }, { shows = "95" }
---@return table subject
function change(id, facts) end
---@param id string
---@return table? subject what is so, whatever answers say
function look(id) end
---@return { refunds: table[], orders: table[], alibaba_refunds: table[], alibaba_orders: table[] }
function marketplace() end
---@param duration string|integer
function advance(duration) end
---@param time string|integer
---@param zone? string
function at(time, zone) end
---@param plan string such as "reset-after@taobao.refunds.cancel:1"
function faults(plan) end

---@class ebb.TestRun
---@field status string
---@field waiting_for? string
---@field result any
---@field tally table<string, any>
---@field decisions table[]
---@field about table<string, table> the last decision about each subject
---@field writes table[]
---@field notices? table[]
---@field reports? table[]
---@field error? table

---@param options? { playbook?: string, params?: table, event?: table, tags?: table, mode?: "live"|"plan", stay?: boolean, channels?: string[], dies?: integer|integer[] }
---@return ebb.TestRun
function play(options) end
---@param run ebb.TestRun
---@return ebb.TestRun
function resume(run) end
---@param id string
function hold(id) end
---@param id string
function release(id) end
---@param run ebb.TestRun
---@return ebb.TestRun
function reject(run) end
---@return table[]
function effects() end
---@return { operation: string, arguments: table, at: integer, before?: table, after?: table }[]
function history() end
---@return { channel: string, title?: string, text?: string, markdown?: string, lines: string[], repeated: boolean }[]
function notices() end

---@class ebb.Expectation
---@field never ebb.Expectation
---@field to_be fun(expected: any)
---@field to_match fun(expected: any)
---@field to_contain fun(expected: any)
---@field to_be_empty fun()
---@field to_match_snapshot fun(name?: string)

---@param actual any
---@return ebb.Expectation
function expect(actual) end
