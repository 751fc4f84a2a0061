#!/usr/bin/env python3
"""Says five lines a second over one connection until a file is there, and writes what it told and what it heard back.

talk.py ADDRESS PORT FILE TOLD HEARD"""
import os
import socket
import sys
import time

address, port, over, told, heard = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
line = socket.create_connection((address, port), timeout=180)
answers = line.makefile("rb")
with open(told, "w") as says, open(heard, "wb") as hears:
    n = 0
    while n == 0 or not os.path.exists(over):
        n += 1
        says.write(f"{n}\n")
        line.sendall(b"%d\n" % n)
        hears.write(answers.readline())
        hears.flush()
        time.sleep(0.2)
