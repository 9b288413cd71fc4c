"""The loop of the reads, in Python: for every count on standard input, the seconds that so many took."""

import asyncio
import sys
import time

import aiohttp


async def read(session, url, count):
    for _ in range(count):
        async with session.get(url) as response:
            answer = await response.json()
            assert answer["data"]["refundOrderAggregate"]["refundOrder"]["refundId"]


async def main(url, concurrency):
    connector = aiohttp.TCPConnector(limit=concurrency)
    async with aiohttp.ClientSession(connector=connector) as session:
        for line in sys.stdin:
            share = int(line) // concurrency
            start = time.perf_counter()
            await asyncio.gather(*(read(session, url, share) for _ in range(concurrency)))
            print(time.perf_counter() - start, flush=True)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
