#!/usr/bin/env python3
"""Says back what it hears, to any number of talkers: echo.py ADDRESS PORT"""
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while heard := self.request.recv(4096):
            self.request.sendall(heard)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


Server((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
