#include "CResources.h"

#include <string.h>

// One more file: its bytes here, its name in the table below.

static const unsigned char catalogue[] = {
#embed "generated/catalogue.json"
};

static const unsigned char stdlib_language_approving_lua[] = {
#embed "../../stdlib/language/approving.lua"
};
static const unsigned char stdlib_language_checks_lua[] = {
#embed "../../stdlib/language/checks.lua"
};

static const unsigned char stdlib_language_core_lua[] = {
#embed "../../stdlib/language/core.lua"
};

static const unsigned char stdlib_language_decisions_lua[] = {
#embed "../../stdlib/language/decisions.lua"
};

static const unsigned char stdlib_language_header_lua[] = {
#embed "../../stdlib/language/header.lua"
};

static const unsigned char stdlib_language_lists_lua[] = {
#embed "../../stdlib/language/lists.lua"
};

static const unsigned char stdlib_language_operations_lua[] = {
#embed "../../stdlib/language/operations.lua"
};

static const unsigned char stdlib_language_saying_lua[] = {
#embed "../../stdlib/language/saying.lua"
};

static const unsigned char stdlib_language_subjects_lua[] = {
#embed "../../stdlib/language/subjects.lua"
};

static const unsigned char stdlib_language_waiting_lua[] = {
#embed "../../stdlib/language/waiting.lua"
};

static const unsigned char stdlib_ebb_apply_lua[] = {
#embed "../../stdlib/ebb/apply.lua"
};

static const unsigned char stdlib_ebb_lua[] = {
#embed "../../stdlib/ebb.lua"
};

static const unsigned char stdlib_ebb_aftersales_lua[] = {
#embed "../../stdlib/ebb/aftersales.lua"
};

static const unsigned char stdlib_ebb_events_lua[] = {
#embed "../../stdlib/ebb/events.lua"
};

static const unsigned char stdlib_ebb_money_lua[] = {
#embed "../../stdlib/ebb/money.lua"
};

static const unsigned char stdlib_ebb_pages_lua[] = {
#embed "../../stdlib/ebb/pages.lua"
};

static const unsigned char stdlib_ebb_state_lua[] = {
#embed "../../stdlib/ebb/state.lua"
};

static const unsigned char stdlib_ebb_time_lua[] = {
#embed "../../stdlib/ebb/time.lua"
};

static const unsigned char scripts_backfill_missed_messages_lua[] = {
#embed "../../scripts/backfill_missed_messages.lua"
};

static const unsigned char scripts_cancel_stale_refunds_lua[] = {
#embed "../../scripts/cancel_stale_refunds.lua"
};

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t length;
} files[] = {
    {"catalogue.json", catalogue, sizeof catalogue},
    {"stdlib/language/approving.lua", stdlib_language_approving_lua, sizeof stdlib_language_approving_lua},
    {"stdlib/language/checks.lua", stdlib_language_checks_lua, sizeof stdlib_language_checks_lua},
    {"stdlib/language/core.lua", stdlib_language_core_lua, sizeof stdlib_language_core_lua},
    {"stdlib/language/decisions.lua", stdlib_language_decisions_lua, sizeof stdlib_language_decisions_lua},
    {"stdlib/language/header.lua", stdlib_language_header_lua, sizeof stdlib_language_header_lua},
    {"stdlib/language/lists.lua", stdlib_language_lists_lua, sizeof stdlib_language_lists_lua},
    {"stdlib/language/operations.lua", stdlib_language_operations_lua, sizeof stdlib_language_operations_lua},
    {"stdlib/language/saying.lua", stdlib_language_saying_lua, sizeof stdlib_language_saying_lua},
    {"stdlib/language/subjects.lua", stdlib_language_subjects_lua, sizeof stdlib_language_subjects_lua},
    {"stdlib/language/waiting.lua", stdlib_language_waiting_lua, sizeof stdlib_language_waiting_lua},
    {"stdlib/ebb.lua", stdlib_ebb_lua, sizeof stdlib_ebb_lua},
    {"stdlib/ebb/apply.lua", stdlib_ebb_apply_lua, sizeof stdlib_ebb_apply_lua},
    {"stdlib/ebb/aftersales.lua", stdlib_ebb_aftersales_lua, sizeof stdlib_ebb_aftersales_lua},
    {"stdlib/ebb/events.lua", stdlib_ebb_events_lua, sizeof stdlib_ebb_events_lua},
    {"stdlib/ebb/money.lua", stdlib_ebb_money_lua, sizeof stdlib_ebb_money_lua},
    {"stdlib/ebb/pages.lua", stdlib_ebb_pages_lua, sizeof stdlib_ebb_pages_lua},
    {"stdlib/ebb/state.lua", stdlib_ebb_state_lua, sizeof stdlib_ebb_state_lua},
    {"stdlib/ebb/time.lua", stdlib_ebb_time_lua, sizeof stdlib_ebb_time_lua},
    {"scripts/backfill_missed_messages.lua", scripts_backfill_missed_messages_lua,
     sizeof scripts_backfill_missed_messages_lua},
    {"scripts/cancel_stale_refunds.lua", scripts_cancel_stale_refunds_lua, sizeof scripts_cancel_stale_refunds_lua},
};

static const size_t count = sizeof files / sizeof files[0];

const unsigned char *ebb_resource(const char *name, size_t *length) {
  for (size_t index = 0; index < count; index++) {
    if (strcmp(files[index].name, name) == 0) {
      *length = files[index].length;
      return files[index].bytes;
    }
  }
  return NULL;
}

const char *ebb_resource_name(size_t index) { return index < count ? files[index].name : NULL; }
