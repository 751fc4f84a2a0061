#!/usr/bin/env python3
"""Counts for some seconds what passes some interfaces, as "ESP CLEAR": sealed packets, and others of the networks that are named.

sniff.py INTERFACE[,INTERFACE...] SECONDS NETWORK..."""
import ipaddress
import socket
import sys
import time

interfaces, seconds = sys.argv[1].split(","), float(sys.argv[2])
networks = [ipaddress.ip_network(text) for text in sys.argv[3:]]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.settimeout(0.2)
sealed = clear = 0
end = time.monotonic() + seconds
while time.monotonic() < end:
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
