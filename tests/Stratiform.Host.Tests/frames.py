#!/usr/bin/env python3
"""Sends frames of many kinds out of one device and tells which of them come out of another.

frames.py SENDER LISTENER MAC ADDRESS; prints the names of those that came, a line each, in the order of KINDS.
"""

import select
import socket
import struct
import sys
import time

PATIENCE = 1.0
ANY_PROTOCOL = 3
EVERYBODY = b"\xff" * 6
STRANGER = b"\x02\0\0\0\0\x99"
IPV4, ARP, IPV6, VLAN, LLDP = 0x0800, 0x0806, 0x86DD, 0x8100, 0x88CC
UDP, ICMPV6 = 17, 58


def frame(source, kind, rest):
    return EVERYBODY + source + struct.pack("!H", kind) + rest


def udp(source, target):
    return struct.pack("!HHHH", source, target, 8 + 8, 0)


def ipv4(source, body):
    # Eight bytes of every packet are its mark.
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + 8, 0, 0, 64, UDP, 0, socket.inet_aton(source), b"\xff" * 4)
    total = sum(struct.unpack("!10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack("!H", ~total & 0xFFFF) + head[12:] + body


def ipv6(source, protocol, body):
    ends = socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, "ff02::1")
    return struct.pack("!IHBB", 6 << 28, len(body) + 8, protocol, 255) + ends + body


def icmpv6(kind):
    return struct.pack("!BBHI", kind, 0, 0, 0)


def arp(operation, mac, address):
    return struct.pack("!HHBBH6s4s6s4s", 1, IPV4, 6, 4, operation, mac, socket.inet_aton(address), b"\0" * 6, socket.inet_aton("10.1.1.1"))


def kinds(mac, address):
    other = "10.1.1.66"
    plain = udp(4000, 4001)
    yield "its own address", frame(mac, IPV4, ipv4(address, plain))
    yield "another's address", frame(mac, IPV4, ipv4(other, plain))
    yield "another's MAC", frame(STRANGER, IPV4, ipv4(address, plain))
    yield "ARP for itself", frame(mac, ARP, arp(2, mac, address))
    yield "ARP for another", frame(mac, ARP, arp(2, mac, other))
    yield "ARP with another's MAC", frame(mac, ARP, arp(2, STRANGER, address))
    yield "address probe", frame(mac, ARP, arp(1, mac, "0.0.0.0"))
    yield "DHCP request", frame(mac, IPV4, ipv4("0.0.0.0", udp(68, 67)))
    yield "DHCP answer", frame(mac, IPV4, ipv4(address, udp(67, 68)))
    yield "IPv6 of its link", frame(mac, IPV6, ipv6("fe80::1", UDP, plain))
    yield "IPv6 of elsewhere", frame(mac, IPV6, ipv6("2001:db8::1", UDP, plain))
    yield "neighbour solicitation", frame(mac, IPV6, ipv6("::", ICMPV6, icmpv6(135)))
    yield "router advertisement", frame(mac, IPV6, ipv6("fe80::1", ICMPV6, icmpv6(134)))
    yield "redirect", frame(mac, IPV6, ipv6("fe80::1", ICMPV6, icmpv6(137)))
    yield "DHCPv6 answer", frame(mac, IPV6, ipv6("fe80::1", UDP, udp(547, 546)))
    yield "tagged frame", frame(mac, VLAN, struct.pack("!HH", 7, IPV4) + ipv4(address, plain))
    yield "LLDP", frame(mac, LLDP, b"\0" * 46)


def device(name):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ANY_PROTOCOL))
    opened.bind((name, 0))
    return opened


def main(sender, listener, mac, address):
    mouth, ear = device(sender), device(listener)
    sent = {}
    for number, (name, content) in enumerate(kinds(bytes.fromhex(mac.replace(":", "")), address)):
        mark = b"mark%04d" % number
        sent[mark] = name
        mouth.send(content + mark)
    seen = set()
    end = time.monotonic() + PATIENCE
    while (left := end - time.monotonic()) > 0 and len(seen) < len(sent):
        if select.select([ear], [], [], left)[0]:
            content = ear.recv(2048)
            seen |= {mark for mark in sent if content.endswith(mark)}
    for mark, name in sent.items():
        if mark in seen:
            print(name)


main(*sys.argv[1:])
