#!/usr/bin/env python3
"""Opens connections and holds them, a byte sent over each and back: connections.py serve ADDRESS PORT | open ADDRESS PORT COUNT [tls]"""
import resource
import selectors
import socket
import ssl
import sys
import time


def serve(address, port):
    """Answers whatever comes with an HTTP answer of one byte, and keeps every connection."""
    waiting = selectors.DefaultSelector()
    listener = socket.create_server((address, port), backlog=4096)
    waiting.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in waiting.select():
            if key.fileobj is listener:
                waiting.register(listener.accept()[0], selectors.EVENT_READ)
            elif not answered(key.fileobj):
                waiting.unregister(key.fileobj)
                key.fileobj.close()


def answered(client):
    try:
        if not client.recv(4096):
            return False
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
        return True
    except ConnectionError:
        return False


def hold(address, port, count, tls):
    context = ssl._create_unverified_context() if tls else None
    held = []
    for _ in range(count):
        one = socket.create_connection((address, port), timeout=60)
        if context:
            one = context.wrap_socket(one)
        one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        if not one.recv(4096):
            raise SystemExit(f"closed after {len(held)}")
        held.append(one)
    print(len(held), flush=True)
    time.sleep(600)


most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
if sys.argv[1] == "serve":
    serve(sys.argv[2], int(sys.argv[3]))
else:
    hold(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), "tls" in sys.argv)
