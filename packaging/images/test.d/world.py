#!/usr/bin/env python3
"""A web server that answers every request with the address it came from: world.py ADDRESS PORT"""
import http.server
import sys


class World(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.client_address[0].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.HTTPServer((sys.argv[1], int(sys.argv[2])), World).serve_forever()
