"""Schedules and queues of APScheduler and DBOS on SQLite: for each line on standard input a line of JSON with milliseconds.

`enqueue COUNT`: from handing over a function until it begins, one after the other.
`start COUNT`: the same of DBOS's workflows that are started without a queue.
`lateness SCHEDULES SECONDS`: how much later than their second so many schedules run that are due each second.
"""

import json
import logging
import os
import sys
import threading
import time
from datetime import datetime, timezone

peer, folder = sys.argv[1], sys.argv[2]
os.environ.setdefault("OTEL_SDK_DISABLED", "true")
# Whatever a library logs would be taken for a figure.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
logging.disable(logging.WARNING)

begun = threading.Event()
begun_at = [0.0]
late = []
lateness_open = threading.Event()


def work():
    begun_at[0] = time.perf_counter()
    begun.set()


def due(instant):
    """Called as a scheduled function begins."""
    if lateness_open.is_set():
        late.append((time.time() - instant) * 1000)


def timed(count, hand_over):
    figures = []
    for _ in range(count):
        begun.clear()
        start = time.perf_counter()
        hand_over()
        assert begun.wait(30)
        figures.append((begun_at[0] - start) * 1000)
        time.sleep(0.005)
    return figures


def collect(seconds):
    late.clear()
    # The first second is to come into step.
    time.sleep(1.5)
    lateness_open.set()
    time.sleep(seconds)
    lateness_open.clear()
    return list(late)


class APScheduler:
    def __init__(self):
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self.scheduler = BackgroundScheduler(
            jobstores={"default": {"type": "sqlalchemy", "url": "sqlite:///" + os.path.join(folder, "aps.sqlite")}},
            executors={"default": ThreadPoolExecutor(64)},
            timezone=timezone.utc,
        )
        self.scheduler.start()

    def enqueue(self, count):
        return timed(count, lambda: self.scheduler.add_job(work))

    def lateness(self, schedules, seconds):
        for number in range(schedules):
            self.scheduler.add_job(tick, "cron", second="*", id=f"s{number}", misfire_grace_time=30)
        try:
            return collect(seconds)
        finally:
            self.scheduler.remove_all_jobs()

    def close(self):
        self.scheduler.shutdown()


def tick():
    # A job is not told its instant; it is due at each full second.
    due(int(time.time()))


class DBOSPeer:
    def __init__(self):
        from dbos import DBOS, DBOSConfig

        self.dbos = DBOS
        DBOS(
            config=DBOSConfig(
                name="bench",
                system_database_url="sqlite:///" + os.path.join(folder, "dbos-schedules.sqlite"),
                log_level="ERROR",
                run_admin_server=False,
            )
        )

        @DBOS.workflow()
        def workflow():
            work()

        @DBOS.workflow()
        def scheduled(instant, context):
            due(instant.timestamp())

        self.workflow, self.scheduled = workflow, scheduled
        DBOS.launch()
        DBOS.register_queue("bench")
        # The queue's thread is made at the next look for queues.
        time.sleep(2)

    def enqueue(self, count):
        return timed(count, lambda: self.dbos.enqueue_workflow("bench", self.workflow))

    def start(self, count):
        return timed(count, lambda: self.dbos.start_workflow(self.workflow))

    def lateness(self, schedules, seconds):
        for number in range(schedules):
            self.dbos.create_schedule(
                schedule_name=f"s{number}", workflow_fn=self.scheduled, schedule="* * * * * *"
            )
        try:
            # Schedules are looked for each second in the first minute, then twice a minute.
            deadline = time.time() + 60
            lateness_open.set()
            while len(late) < schedules and time.time() < deadline:
                time.sleep(0.1)
            lateness_open.clear()
            return collect(seconds)
        finally:
            for number in range(schedules):
                self.dbos.delete_schedule(f"s{number}")

    def close(self):
        self.dbos.destroy()


side = {"apscheduler": APScheduler, "dbos": DBOSPeer}[peer]()
print(json.dumps("ready"), file=out, flush=True)
for line in sys.stdin:
    name, *numbers = line.split()
    print(json.dumps(getattr(side, name)(*map(int, numbers))), file=out, flush=True)
side.close()
