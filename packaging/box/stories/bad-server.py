"""A web server that does what it must not: bad-server.py ADDRESS PORT."""
import http.server
import sys
import time

MEGABYTE = bytes(1 << 20)
INSIDE = "http://172.29.0.250/x.qcow2"


class Bad(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/leads":
            self.send_response(302)
            self.send_header("Location", INSIDE)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", str(4 << 20))
            self.end_headers()
            self.wfile.write(MEGABYTE)
        elif self.path == "/stalls":
            self.send_response(200)
            self.send_header("Content-Length", str(4 << 20))
            self.end_headers()
            self.wfile.write(bytes(1000))
            time.sleep(3600)
        elif self.path == "/breaks":
            self.send_error(500)
        else:
            self.send_response(200)
            self.end_headers()
            # Without end, as far as anybody waits for it.
            for _ in range(8192):
                self.wfile.write(MEGABYTE)
        self.close_connection = True

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Bad).serve_forever()
