/**
 * A server in Python (3.4 or later) for one port of one protocol, on all IPv4 and IPv6 addresses. Arguments: `tcp`, the port
 * and the folder with the pages; or `udp` or `sctp`, the port and the line that answers each datagram or association.
 * Datagrams are answered from the address they were sent to: with direct routing, the host's first address would be wrong.
 * It lists no folders and queries no name server.
 */
export const PYTHON_SERVER = `import http.server
import os
import pwd
import select
import socket
import struct
import sys
import threading

protocol, port, served = sys.argv[1], int(sys.argv[2]), sys.argv[3]
TYPES = {"tcp": (socket.SOCK_STREAM, 0), "udp": (socket.SOCK_DGRAM, 0), "sctp": (socket.SOCK_STREAM, 132)}
# Family: the option that asks for a datagram's target, and that as the source of its answer. Source: ip(7), ipv6(7).
TARGETS = {
    socket.AF_INET: (socket.IPPROTO_IP, 8, lambda target: struct.pack("=I4s4s", 0, target[4:8], bytes(4))),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 49, bytes),
}


class Page(http.server.SimpleHTTPRequestHandler):
    timeout = 10

    def list_directory(self, path):
        self.send_error(404)

    def log_message(self, *_):
        pass


def serve_page(connection, client):
    with connection:
        Page(connection, client, None)


def answer_request(server):
    threading.Thread(target=serve_page, args=server.accept(), daemon=True).start()


def answer_association(server):
    connection, _ = server.accept()
    with connection:
        connection.settimeout(5)
        connection.sendall(line)


def answer_datagram(server):
    _, targets, _, client = server.recvmsg(2048, 256)
    _, _, source = TARGETS[server.family]
    server.sendmsg([line], [(level, kind, source(target)) for level, kind, target in targets], 0, client)


def listen(family):
    server = socket.socket(family, *TYPES[protocol])
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if protocol == "tcp":
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if protocol == "udp":
        server.setsockopt(*TARGETS[family][:2], 1)
    server.bind(("", port))
    if protocol != "udp":
        server.listen(128)
    server.setblocking(False)
    return server


line = os.fsencode(served + "\\n")
answer = {"tcp": answer_request, "udp": answer_datagram, "sctp": answer_association}[protocol]
families = [socket.AF_INET] + ([socket.AF_INET6] if os.path.exists("/proc/net/if_inet6") else [])
servers = [listen(family) for family in families]
if protocol == "tcp":
    os.chdir(served)
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
while True:
    for server in select.select(servers, [], [])[0]:
        try:
            answer(server)
        except (OSError, RuntimeError) as error:
            print(error, file=sys.stderr, flush=True)
`;
