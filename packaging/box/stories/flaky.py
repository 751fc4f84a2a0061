"""Stands before an S3 server: flaky.py ADDRESS PORT TARGET FILE. While there is FILE, its number is all that anybody is answered; FILE.count
says how often that was."""
import http.client
import http.server
import os
import sys

address, port, target, file = sys.argv[1:]
PIECE = 1 << 16


class Flaky(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if os.path.exists(file):
            return self.fail(int(open(file).read()))
        server = http.client.HTTPConnection(target)
        server.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                server.putheader(name, value)
        server.endheaders(body or None)
        answer = server.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        while piece := answer.read(PIECE):
            self.wfile.write(piece)
        self.close_connection = True
        server.close()

    def fail(self, code):
        with open(file + ".count", "a") as count:
            count.write(f"{code} {self.command}\n")
        self.send_response_only(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = pass_on

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((address, int(port)), Flaky).serve_forever()
