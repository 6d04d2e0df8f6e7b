/**
 * A web server for hosts that have nothing but Python 3.4 or later: one folder on one port, on all addresses of both
 * families. Arguments: the port, the folder. It shows no lists of files and asks no name server.
 */
export const PYTHON_SERVER = `import http.server
import os
import pwd
import socket
import socketserver
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    timeout = 10

    def list_directory(self, path):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    address_family = socket.AF_INET6 if os.path.exists("/proc/net/if_inet6") else socket.AF_INET
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def server_bind(self):
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


os.chdir(sys.argv[2])
server = Server(("", int(sys.argv[1])), Handler)
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
server.serve_forever()
`;
