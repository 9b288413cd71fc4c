"""When APScheduler, croniter and DBOS run `30 1 * * *` and `30 2 * * *` in New York on the days of 2026 on which the clock
is changed: a line of JSON for each peer, the instants in UTC by expression."""

import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")
CASES = [("30 1 * * *", datetime(2026, 11, 1)), ("30 2 * * *", datetime(2026, 3, 8))]


def on_that_day(instants, day):
    """The instants of a local day, and of the hour after it."""
    first = day.replace(tzinfo=ZONE)
    last = first + timedelta(days=1)
    return [
        instant.astimezone(timezone.utc).strftime("%H:%MZ")
        for instant in instants
        if first.timestamp() <= instant.timestamp() < last.timestamp()
    ]


def apscheduler(expression, day):
    from apscheduler.triggers.cron import CronTrigger

    trigger = CronTrigger.from_crontab(expression, timezone=ZONE)
    # As the scheduler does: the next after the last one, which is when it looks.
    now, last, found = (day - timedelta(hours=12)).replace(tzinfo=ZONE), None, []
    for _ in range(6):
        last = trigger.get_next_fire_time(last, now)
        found.append(last)
        now = last
    return found


def croniter(expression, day):
    from croniter import croniter as Croniter

    iterator = Croniter(expression, (day - timedelta(hours=12)).replace(tzinfo=ZONE))
    return [iterator.get_next(datetime) for _ in range(6)]


def dbos(expression, day):
    """DBOS's own loop of a schedule, on a clock that goes on as it sleeps."""
    from dbos import _dbos, _scheduler

    start, found = (day - timedelta(hours=12)).replace(tzinfo=ZONE), []
    clock = [start.timestamp()]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(clock[0], tz)

    class Stop:
        def is_set(self):
            return len(found) >= 6

        def wait(self, timeout):
            clock[0] += timeout
            return False

    class Database:
        def get_workflow_status(self, name):
            return None if name not in names else "there"

        def update_last_fired_at(self, name, instant):
            pass

    class Instance:
        _sys_db = Database()

    names = set()

    def enqueue(database, workflow, instant, name, *rest):
        names.add(name)
        found.append(instant)

    thread = _scheduler._ScheduleThread.__new__(_scheduler._ScheduleThread)
    thread.schedule_name, thread.workflow_name, thread.class_name = "s", "w", None
    thread.cron, thread.context, thread.tzinfo = expression, None, ZONE
    thread.queue_name = thread.application_name = thread.shard_key = None
    thread._stop_event = Stop()
    kept = (_scheduler.datetime, _scheduler._enqueue_scheduled_workflow, _dbos._get_dbos_instance)
    try:
        _scheduler.datetime, _scheduler._enqueue_scheduled_workflow = Clock, enqueue
        _dbos._get_dbos_instance = Instance
        thread._loop()
    finally:
        _scheduler.datetime, _scheduler._enqueue_scheduled_workflow, _dbos._get_dbos_instance = kept
    return found


peer = {"apscheduler": apscheduler, "croniter": croniter, "dbos": dbos}[sys.argv[1]]
print(json.dumps({expression: on_that_day(peer(expression, day), day) for expression, day in CASES}))
