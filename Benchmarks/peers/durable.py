"""Three-step durable workflows of DBOS on SQLite: for every count on standard input, the seconds that so many took."""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

folder, concurrency = sys.argv[1], int(sys.argv[2])
os.environ.setdefault("OTEL_SDK_DISABLED", "true")
# Whatever the library logs would be taken for a figure.
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

from dbos import DBOS, DBOSConfig  # noqa: E402

ANSWER = {"refundOrderAggregate": {"refundOrder": {"refundId": "110000235001"}}, "note": "x" * 1400}

DBOS(
    config=DBOSConfig(
        name="bench",
        system_database_url="sqlite:///" + os.path.join(folder, "dbos.sqlite"),
        log_level="ERROR",
        run_admin_server=False,
    )
)


@DBOS.step()
def read(number):
    return ANSWER


@DBOS.workflow()
def playbook():
    done = 0
    for number in range(3):
        if read(str(110000235000 + number))["refundOrderAggregate"]:
            done += 1
    return done


DBOS.launch()
with ThreadPoolExecutor(concurrency) as threads:
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        results = list(threads.map(lambda _: playbook(), range(count)))
        seconds = time.perf_counter() - start
        assert results == [3] * count
        print(seconds, file=out, flush=True)
DBOS.destroy()
