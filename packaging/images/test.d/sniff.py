#!/usr/bin/env python3
"""Counts what passes some interfaces until a file is there, as "ESP CLEAR": sealed packets, and others of the networks that are named.

sniff.py INTERFACE[,INTERFACE...] FILE NETWORK..."""
import ipaddress
import os
import socket
import sys
import time

interfaces, stop = sys.argv[1].split(","), sys.argv[2]
networks = [ipaddress.ip_network(text) for text in sys.argv[3:]]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.settimeout(0.2)
sealed = clear = 0
end = time.monotonic() + 120
while time.monotonic() < end and not os.path.exists(stop):
    try:
        frame, (interface, *_) = wire.recvfrom(2048)
    except TimeoutError:
        continue
    if interface not in interfaces or frame[12:14] != b"\x08\x00":
        continue
    packet = frame[14:]
    if packet[9] == 50:
        sealed += 1
    ends = [ipaddress.ip_address(packet[12:16]), ipaddress.ip_address(packet[16:20])]
    if any(end in network for end in ends for network in networks):
        clear += 1
print(sealed, clear)
