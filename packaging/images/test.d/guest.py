#!/usr/bin/env python3
"""Talks to a test VM over its sockets.

guest.py ping SOCKET SECONDS              wait for the guest agent; prints the seconds waited
guest.py exec SOCKET PROGRAM [ARG...]     run in the guest: stdin goes in, its output and exit code come out
guest.py put SOCKET REMOTE                stdin becomes a file in the guest
guest.py call SOCKET COMMAND [JSON]       one guest agent command without waiting for its answer
guest.py qmp SOCKET COMMAND [JSON]        one QMP command; prints its answer
"""
import base64
import json
import socket
import sys
import time

LIMIT = 120


class Lines:
    """A socket that carries one JSON object per line each way."""

    def __init__(self, path, limit=LIMIT):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(limit)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb")

    def send(self, command, arguments=None):
        message = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def answer(self, ignore_errors=False):
        while True:
            line = self.file.readline()
            if not line:
                raise SystemExit("the socket was closed")
            message = json.loads(line.lstrip(b"\xff"))
            if "error" in message and not ignore_errors:
                raise SystemExit(message["error"]["desc"])
            if "return" in message:
                return message["return"]

    def call(self, command, arguments=None):
        self.send(command, arguments)
        return self.answer()


def agent(path):
    """The guest agent's channel, with whatever an earlier talk left in it skipped.

    The byte that resets the agent's parser makes it complain once."""
    lines = Lines(path)
    mark = int(time.time() * 1000) & 0xFFFFFFF
    lines.socket.sendall(b"\xff")
    lines.send("guest-sync", {"id": mark})
    while lines.answer(ignore_errors=True) != mark:
        pass
    return lines


def ping(path, seconds):
    start = time.monotonic()
    while time.monotonic() - start < float(seconds):
        try:
            lines = Lines(path, 1)
            lines.call("guest-sync", {"id": int(time.monotonic() * 1000)})
            print("%.1f" % (time.monotonic() - start))
            return
        except (OSError, ValueError):
            time.sleep(0.1)
    raise SystemExit("no guest agent after %s s" % seconds)


def execute(path, program, *arguments):
    lines = agent(path)
    request = {"path": program, "arg": list(arguments), "capture-output": True}
    data = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    if data:
        request["input-data"] = base64.b64encode(data).decode()
    pid = lines.call("guest-exec", request)["pid"]
    end = time.monotonic() + LIMIT
    pause = 0.01
    while time.monotonic() < end:
        status = lines.call("guest-exec-status", {"pid": pid})
        if status["exited"]:
            sys.stdout.buffer.write(base64.b64decode(status.get("out-data", "")))
            sys.stderr.buffer.write(base64.b64decode(status.get("err-data", "")))
            sys.stdout.flush()
            sys.exit(status.get("exitcode", 128 + status.get("signal", 0)))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    raise SystemExit("%s still runs after %d s" % (program, LIMIT))


def put(path, remote):
    lines = agent(path)
    handle = lines.call("guest-file-open", {"path": remote, "mode": "w"})
    data = sys.stdin.buffer.read()
    for start in range(0, len(data), 1 << 20):
        chunk = base64.b64encode(data[start:start + (1 << 20)]).decode()
        lines.call("guest-file-write", {"handle": handle, "buf-b64": chunk})
    lines.call("guest-file-close", {"handle": handle})


def call(path, command, arguments="null"):
    agent(path).send(command, json.loads(arguments))


def qmp(path, command, arguments="null"):
    lines = Lines(path)
    lines.call("qmp_capabilities")
    print(json.dumps(lines.call(command, json.loads(arguments))))


if __name__ == "__main__":
    {"ping": ping, "exec": execute, "put": put, "call": call, "qmp": qmp}[sys.argv[1]](*sys.argv[2:])
