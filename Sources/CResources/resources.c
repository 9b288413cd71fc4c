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

static const unsigned char stdlib_ebb_notify_lua[] = {
#embed "../../stdlib/ebb/notify.lua"
};

static const unsigned char stdlib_ebb_orders_lua[] = {
#embed "../../stdlib/ebb/orders.lua"
};

static const unsigned char stdlib_ebb_carriers_lua[] = {
#embed "../../stdlib/ebb/carriers.lua"
};

static const unsigned char stdlib_ebb_evidence_lua[] = {
#embed "../../stdlib/ebb/evidence.lua"
};

static const unsigned char stdlib_ebb_wire_lua[] = {
#embed "../../stdlib/ebb/wire.lua"
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

static const unsigned char stdlib_ebb_list_lua[] = {
#embed "../../stdlib/ebb/list.lua"
};

static const unsigned char stdlib_ebb_text_lua[] = {
#embed "../../stdlib/ebb/text.lua"
};

static const unsigned char stdlib_ebb_retry_lua[] = {
#embed "../../stdlib/ebb/retry.lua"
};

static const unsigned char stdlib_project_playbook_lua[] = {
#embed "../../stdlib/project/playbook.lua"
};

static const unsigned char stdlib_project_playbook_test_lua[] = {
#embed "../../stdlib/project/playbook_test.lua"
};

static const unsigned char stdlib_project_ebb_yaml[] = {
#embed "../../stdlib/project/ebb.yaml"
};

static const unsigned char stdlib_project_gitignore[] = {
#embed "../../stdlib/project/gitignore"
};

static const unsigned char stdlib_project_luarc_json[] = {
#embed "../../stdlib/project/luarc.json"
};

static const unsigned char stdlib_project_types_lua[] = {
#embed "../../stdlib/project/types.lua"
};

static const unsigned char stdlib_testing_language_lua[] = {
#embed "../../stdlib/testing/language.lua"
};

static const unsigned char scripts_backfill_missed_messages_lua[] = {
#embed "../../scripts/backfill_missed_messages.lua"
};

static const unsigned char scripts_backfill_missed_messages_test_lua[] = {
#embed "../../scripts/backfill_missed_messages_test.lua"
};

static const unsigned char scripts_cancel_stale_refunds_lua[] = {
#embed "../../scripts/cancel_stale_refunds.lua"
};

static const unsigned char scripts_cancel_stale_refunds_test_lua[] = {
#embed "../../scripts/cancel_stale_refunds_test.lua"
};

static const unsigned char scripts_chase_silent_sellers_lua[] = {
#embed "../../scripts/chase_silent_sellers.lua"
};

static const unsigned char scripts_chase_silent_sellers_test_lua[] = {
#embed "../../scripts/chase_silent_sellers_test.lua"
};

static const unsigned char scripts_daily_digest_lua[] = {
#embed "../../scripts/daily_digest.lua"
};

static const unsigned char scripts_daily_digest_test_lua[] = {
#embed "../../scripts/daily_digest_test.lua"
};

static const unsigned char scripts_deadline_board_lua[] = {
#embed "../../scripts/deadline_board.lua"
};

static const unsigned char scripts_deadline_board_test_lua[] = {
#embed "../../scripts/deadline_board_test.lua"
};

static const unsigned char scripts_duplicate_detection_lua[] = {
#embed "../../scripts/duplicate_detection.lua"
};

static const unsigned char scripts_duplicate_detection_test_lua[] = {
#embed "../../scripts/duplicate_detection_test.lua"
};

static const unsigned char scripts_high_value_to_a_person_lua[] = {
#embed "../../scripts/high_value_to_a_person.lua"
};

static const unsigned char scripts_high_value_to_a_person_test_lua[] = {
#embed "../../scripts/high_value_to_a_person_test.lua"
};

static const unsigned char scripts_late_shipment_lua[] = {
#embed "../../scripts/late_shipment.lua"
};

static const unsigned char scripts_late_shipment_test_lua[] = {
#embed "../../scripts/late_shipment_test.lua"
};

static const unsigned char scripts_price_change_hold_lua[] = {
#embed "../../scripts/price_change_hold.lua"
};

static const unsigned char scripts_price_change_hold_test_lua[] = {
#embed "../../scripts/price_change_hold_test.lua"
};

static const unsigned char scripts_reconcile_refunds_lua[] = {
#embed "../../scripts/reconcile_refunds.lua"
};

static const unsigned char scripts_reconcile_refunds_test_lua[] = {
#embed "../../scripts/reconcile_refunds_test.lua"
};

static const unsigned char scripts_refund_only_under_threshold_lua[] = {
#embed "../../scripts/refund_only_under_threshold.lua"
};

static const unsigned char scripts_refund_only_under_threshold_test_lua[] = {
#embed "../../scripts/refund_only_under_threshold_test.lua"
};

static const unsigned char scripts_refused_refunds_lua[] = {
#embed "../../scripts/refused_refunds.lua"
};

static const unsigned char scripts_refused_refunds_test_lua[] = {
#embed "../../scripts/refused_refunds_test.lua"
};

static const unsigned char scripts_return_parcel_stuck_lua[] = {
#embed "../../scripts/return_parcel_stuck.lua"
};

static const unsigned char scripts_return_parcel_stuck_test_lua[] = {
#embed "../../scripts/return_parcel_stuck_test.lua"
};

static const unsigned char scripts_return_waybill_due_lua[] = {
#embed "../../scripts/return_waybill_due.lua"
};

static const unsigned char scripts_return_waybill_due_test_lua[] = {
#embed "../../scripts/return_waybill_due_test.lua"
};

static const unsigned char scripts_stop_auto_confirm_lua[] = {
#embed "../../scripts/stop_auto_confirm.lua"
};

static const unsigned char scripts_stop_auto_confirm_test_lua[] = {
#embed "../../scripts/stop_auto_confirm_test.lua"
};

static const unsigned char scripts_submit_return_tracking_lua[] = {
#embed "../../scripts/submit_return_tracking.lua"
};

static const unsigned char scripts_submit_return_tracking_test_lua[] = {
#embed "../../scripts/submit_return_tracking_test.lua"
};

static const unsigned char scripts_unshipped_cancellation_lua[] = {
#embed "../../scripts/unshipped_cancellation.lua"
};

static const unsigned char scripts_unshipped_cancellation_test_lua[] = {
#embed "../../scripts/unshipped_cancellation_test.lua"
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
    {"stdlib/project/playbook.lua", stdlib_project_playbook_lua, sizeof stdlib_project_playbook_lua},
    {"stdlib/project/playbook_test.lua", stdlib_project_playbook_test_lua, sizeof stdlib_project_playbook_test_lua},
    {"stdlib/project/ebb.yaml", stdlib_project_ebb_yaml, sizeof stdlib_project_ebb_yaml},
    {"stdlib/project/gitignore", stdlib_project_gitignore, sizeof stdlib_project_gitignore},
    {"stdlib/project/luarc.json", stdlib_project_luarc_json, sizeof stdlib_project_luarc_json},
    {"stdlib/project/types.lua", stdlib_project_types_lua, sizeof stdlib_project_types_lua},
    {"stdlib/testing/language.lua", stdlib_testing_language_lua, sizeof stdlib_testing_language_lua},
    {"stdlib/ebb.lua", stdlib_ebb_lua, sizeof stdlib_ebb_lua},
    {"stdlib/ebb/apply.lua", stdlib_ebb_apply_lua, sizeof stdlib_ebb_apply_lua},
    {"stdlib/ebb/aftersales.lua", stdlib_ebb_aftersales_lua, sizeof stdlib_ebb_aftersales_lua},
    {"stdlib/ebb/events.lua", stdlib_ebb_events_lua, sizeof stdlib_ebb_events_lua},
    {"stdlib/ebb/money.lua", stdlib_ebb_money_lua, sizeof stdlib_ebb_money_lua},
    {"stdlib/ebb/notify.lua", stdlib_ebb_notify_lua, sizeof stdlib_ebb_notify_lua},
    {"stdlib/ebb/orders.lua", stdlib_ebb_orders_lua, sizeof stdlib_ebb_orders_lua},
    {"stdlib/ebb/carriers.lua", stdlib_ebb_carriers_lua, sizeof stdlib_ebb_carriers_lua},
    {"stdlib/ebb/evidence.lua", stdlib_ebb_evidence_lua, sizeof stdlib_ebb_evidence_lua},
    {"stdlib/ebb/wire.lua", stdlib_ebb_wire_lua, sizeof stdlib_ebb_wire_lua},
    {"stdlib/ebb/pages.lua", stdlib_ebb_pages_lua, sizeof stdlib_ebb_pages_lua},
    {"stdlib/ebb/state.lua", stdlib_ebb_state_lua, sizeof stdlib_ebb_state_lua},
    {"stdlib/ebb/time.lua", stdlib_ebb_time_lua, sizeof stdlib_ebb_time_lua},
    {"stdlib/ebb/list.lua", stdlib_ebb_list_lua, sizeof stdlib_ebb_list_lua},
    {"stdlib/ebb/text.lua", stdlib_ebb_text_lua, sizeof stdlib_ebb_text_lua},
    {"stdlib/ebb/retry.lua", stdlib_ebb_retry_lua, sizeof stdlib_ebb_retry_lua},
    {"scripts/backfill_missed_messages.lua", scripts_backfill_missed_messages_lua,
     sizeof scripts_backfill_missed_messages_lua},
    {"scripts/backfill_missed_messages_test.lua", scripts_backfill_missed_messages_test_lua,
     sizeof scripts_backfill_missed_messages_test_lua},
    {"scripts/cancel_stale_refunds.lua", scripts_cancel_stale_refunds_lua, sizeof scripts_cancel_stale_refunds_lua},
    {"scripts/cancel_stale_refunds_test.lua", scripts_cancel_stale_refunds_test_lua,
     sizeof scripts_cancel_stale_refunds_test_lua},
    {"scripts/chase_silent_sellers.lua", scripts_chase_silent_sellers_lua, sizeof scripts_chase_silent_sellers_lua},
    {"scripts/chase_silent_sellers_test.lua", scripts_chase_silent_sellers_test_lua,
     sizeof scripts_chase_silent_sellers_test_lua},
    {"scripts/daily_digest.lua", scripts_daily_digest_lua, sizeof scripts_daily_digest_lua},
    {"scripts/daily_digest_test.lua", scripts_daily_digest_test_lua, sizeof scripts_daily_digest_test_lua},
    {"scripts/deadline_board.lua", scripts_deadline_board_lua, sizeof scripts_deadline_board_lua},
    {"scripts/deadline_board_test.lua", scripts_deadline_board_test_lua, sizeof scripts_deadline_board_test_lua},
    {"scripts/duplicate_detection.lua", scripts_duplicate_detection_lua, sizeof scripts_duplicate_detection_lua},
    {"scripts/duplicate_detection_test.lua", scripts_duplicate_detection_test_lua,
     sizeof scripts_duplicate_detection_test_lua},
    {"scripts/high_value_to_a_person.lua", scripts_high_value_to_a_person_lua,
     sizeof scripts_high_value_to_a_person_lua},
    {"scripts/high_value_to_a_person_test.lua", scripts_high_value_to_a_person_test_lua,
     sizeof scripts_high_value_to_a_person_test_lua},
    {"scripts/late_shipment.lua", scripts_late_shipment_lua, sizeof scripts_late_shipment_lua},
    {"scripts/late_shipment_test.lua", scripts_late_shipment_test_lua, sizeof scripts_late_shipment_test_lua},
    {"scripts/price_change_hold.lua", scripts_price_change_hold_lua, sizeof scripts_price_change_hold_lua},
    {"scripts/price_change_hold_test.lua", scripts_price_change_hold_test_lua,
     sizeof scripts_price_change_hold_test_lua},
    {"scripts/reconcile_refunds.lua", scripts_reconcile_refunds_lua, sizeof scripts_reconcile_refunds_lua},
    {"scripts/reconcile_refunds_test.lua", scripts_reconcile_refunds_test_lua,
     sizeof scripts_reconcile_refunds_test_lua},
    {"scripts/refund_only_under_threshold.lua", scripts_refund_only_under_threshold_lua,
     sizeof scripts_refund_only_under_threshold_lua},
    {"scripts/refund_only_under_threshold_test.lua", scripts_refund_only_under_threshold_test_lua,
     sizeof scripts_refund_only_under_threshold_test_lua},
    {"scripts/refused_refunds.lua", scripts_refused_refunds_lua, sizeof scripts_refused_refunds_lua},
    {"scripts/refused_refunds_test.lua", scripts_refused_refunds_test_lua, sizeof scripts_refused_refunds_test_lua},
    {"scripts/return_parcel_stuck.lua", scripts_return_parcel_stuck_lua, sizeof scripts_return_parcel_stuck_lua},
    {"scripts/return_parcel_stuck_test.lua", scripts_return_parcel_stuck_test_lua,
     sizeof scripts_return_parcel_stuck_test_lua},
    {"scripts/return_waybill_due.lua", scripts_return_waybill_due_lua, sizeof scripts_return_waybill_due_lua},
    {"scripts/return_waybill_due_test.lua", scripts_return_waybill_due_test_lua,
     sizeof scripts_return_waybill_due_test_lua},
    {"scripts/stop_auto_confirm.lua", scripts_stop_auto_confirm_lua, sizeof scripts_stop_auto_confirm_lua},
    {"scripts/stop_auto_confirm_test.lua", scripts_stop_auto_confirm_test_lua,
     sizeof scripts_stop_auto_confirm_test_lua},
    {"scripts/submit_return_tracking.lua", scripts_submit_return_tracking_lua,
     sizeof scripts_submit_return_tracking_lua},
    {"scripts/submit_return_tracking_test.lua", scripts_submit_return_tracking_test_lua,
     sizeof scripts_submit_return_tracking_test_lua},
    {"scripts/unshipped_cancellation.lua", scripts_unshipped_cancellation_lua,
     sizeof scripts_unshipped_cancellation_lua},
    {"scripts/unshipped_cancellation_test.lua", scripts_unshipped_cancellation_test_lua,
     sizeof scripts_unshipped_cancellation_test_lua},
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
