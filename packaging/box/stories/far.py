"""Puts an agent far away: far.py SOCKET TARGET COUNT relays with 75 ms each way, and 300 ms more for each packet in a hundred, as TCP
makes of a packet that is lost. COUNT is the file that says how many bytes have passed."""
import asyncio
import random
import sys

DELAY, AGAIN, LOST, PACKET = 0.075, 0.3, 0.01, 1448
passed = 0


async def relay(reader, writer):
    global passed
    loop, ready = asyncio.get_running_loop(), asyncio.Queue(256)

    async def take():
        at = 0
        while packet := await reader.read(PACKET):
            # In order: what comes after a lost packet waits for it.
            at = max(at, loop.time() + DELAY + (AGAIN if random.random() < LOST else 0))
            await ready.put((at, packet))
        await ready.put((loop.time() + DELAY, b""))

    taking = asyncio.create_task(take())
    try:
        while True:
            at, packet = await ready.get()
            await asyncio.sleep(at - loop.time())
            if not packet:
                break
            passed += len(packet)
            writer.write(packet)
            await writer.drain()
    except OSError:
        pass
    finally:
        taking.cancel()
        writer.close()


async def accept(reader, writer):
    there_reader, there_writer = await asyncio.open_unix_connection(sys.argv[2])
    await asyncio.gather(relay(reader, there_writer), relay(there_reader, writer), return_exceptions=True)


async def main():
    await asyncio.start_unix_server(accept, sys.argv[1])
    while True:
        with open(sys.argv[3], "w") as count:
            print(passed, file=count)
        await asyncio.sleep(0.5)


asyncio.run(main())
