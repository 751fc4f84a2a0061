#!/usr/bin/env python3
"""Talks to a worker as its host's agent does.

worker.py ask SOCKET MESSAGE [BODY]                     one message; prints what is in the answer, or fails with the refusal
worker.py bring SOCKET BODY                             an EnsureImage until it ends; prints each change of it
worker.py link KEY_HEX STORE IMAGE NAME SECONDS         a link that is good for so long, path and query
"""
import hashlib
import hmac
import json
import socket
import sys
import time
import uuid

LIMIT = 60


class Channel:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(LIMIT)
        self.socket.connect(path)
        self.lines = self.socket.makefile("rb")
        self.socket.sendall(b"\n")

    def ask(self, message, body):
        mark = str(uuid.uuid4())
        self.socket.sendall(json.dumps({"id": mark, "message": message, "body": body}).encode() + b"\n")
        for line in self.lines:
            try:
                answer = json.loads(line)
            except ValueError:
                continue
            if answer.get("id") == mark:
                if "error" in answer:
                    raise SystemExit("%(code)s: %(text)s" % answer["error"])
                return answer["answer"]
        raise SystemExit("the channel was closed")


def ask(path, message, body="{}"):
    print(json.dumps(Channel(path).ask(message, json.loads(body))))


def bring(path, body):
    channel, before = Channel(path), None
    while True:
        progress = channel.ask("EnsureImage", json.loads(body))
        if progress != before:
            print(json.dumps(progress), flush=True)
        before = progress
        if progress["state"] != "Running":
            return
        time.sleep(0.1)


def link(key, store, image, name, seconds):
    text = "/images/%s/%s/%s?expires=%d" % (store, image, name, time.time() + int(seconds))
    print(text + "&signature=" + hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest())


if __name__ == "__main__":
    {"ask": ask, "bring": bring, "link": link}[sys.argv[1]](*sys.argv[2:])
