#!/usr/bin/env python3
"""Makes a card of one VLAN of a wire, where the kernel may not know how: vlan.py WIRE NUMBER CARD"""
import fcntl
import os
import select
import socket
import struct
import sys

wire, number, card = sys.argv[1], int(sys.argv[2]), sys.argv[3]
TAP, WITHOUT_PROTOCOL, WITH_OFFLOADS = 2, 0x1000, 0x4000
# Before each frame, either way: which of its sums are still to be made.
SUMS = 10
SOL_PACKET, PACKET_AUXDATA, PACKET_VNET_HDR, PACKET_OUTGOING, TAGGED = 263, 8, 15, 4, 0x10

tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454CA, struct.pack("16sH22x", card.encode(), TAP | WITHOUT_PROTOCOL | WITH_OFFLOADS))
trunk = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
trunk.bind((wire, 3))
trunk.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
trunk.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
while True:
    ready, _, _ = select.select([tap, trunk], [], [])
    if tap in ready:
        frame = os.read(tap, 65600)[SUMS:]
        trunk.send(bytes(SUMS) + frame[:12] + struct.pack("!HH", 0x8100, number) + frame[12:])
    if trunk in ready:
        frame, notes, _, sender = trunk.recvmsg(65600, socket.CMSG_SPACE(20))
        # The kernel takes the tag off the frame, and says which it was.
        status, _, _, _, _, tag, _ = struct.unpack("IIIHHHH", notes[0][2])
        if sender[2] != PACKET_OUTGOING and status & TAGGED and tag & 0xFFF == number:
            os.write(tap, frame)
