#!/usr/bin/env python3
"""Speaks among network namespaces that are there already: neighbours.py NAMES PROBE...

NAMES are separated by commas; in each, servers answer on the ports below. A probe is FROM,PROTOCOL,ADDRESS,PORT[,SOURCE[,SOURCE PORT]]
with the protocol tcp, udp or ping (whose port is 0), and a line of output tells what came back: "answered", "refused" or "silence".
"""

import ctypes
import os
import socket
import subprocess
import sys
import threading

PATIENCE = 1.0
TCP_PORTS = [22, 80, 443]
UDP_PORTS = [53, 5000]
NEW_NET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def within(name, work, *arguments):
    """Starts work in a thread of that namespace; what it opens stays there."""

    def enter():
        handle = os.open(f"/run/netns/{name}", os.O_RDONLY)
        if libc.setns(handle, NEW_NET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        os.close(handle)
        work(*arguments)

    thread = threading.Thread(target=enter, daemon=True)
    thread.start()
    return thread


def listen(ready):
    servers = []
    for port in TCP_PORTS:
        server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", port))
        server.listen(16)
        servers.append(server)
    for port in UDP_PORTS:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("0.0.0.0", port))
        threading.Thread(target=echo, args=(server,), daemon=True).start()
    ready.append(servers)
    threading.Event().wait()


def echo(server):
    while True:
        data, sender = server.recvfrom(2048)
        server.sendto(data, sender)


def speak(answers, protocol, address, port, source="", source_port=0):
    if protocol == "ping":
        done = subprocess.run(["ping", "-q", "-c", "1", "-W", "1", address], stdout=subprocess.DEVNULL)
        answers.append("answered" if done.returncode == 0 else "silence")
        return
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.settimeout(PATIENCE)
        try:
            probe.bind((source, int(source_port)))
            probe.connect((address, int(port)))
            if protocol == "udp":
                probe.send(b"hello")
                probe.recv(16)
            answers.append("answered")
        except ConnectionRefusedError:
            answers.append("refused")
        except OSError:
            answers.append("silence")


def main():
    names, probes = sys.argv[1].split(","), sys.argv[2:]
    ready = []
    for name in names:
        within(name, listen, ready)
    while len(ready) < len(names):
        pass
    for probe in probes:
        name, *rest = probe.split(",")
        answers = []
        within(name, speak, answers, *rest).join()
        print(answers[0] if answers else "broken", flush=True)


main()
