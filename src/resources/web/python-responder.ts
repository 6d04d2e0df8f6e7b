/**
 * Answers every datagram, or every SCTP association, on one port with one line. Arguments: the protocol, the port, the
 * line. A datagram is answered from the address that it was sent to, which may be one of many that the host has: with direct
 * routing the host's first address would be the wrong one. For Python 3.4 or later.
 */
export const PYTHON_RESPONDER = `import os
import pwd
import select
import socket
import struct
import sys

PKTINFO = {
    socket.AF_INET: (socket.IPPROTO_IP, 8, 8),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 49, 50),
}
SCTP = 132


def source(family, control):
    _, asked, given = PKTINFO[family]
    for level, kind, data in control:
        if family == socket.AF_INET and kind == asked:
            return [(level, given, struct.pack("=I4s4s", 0, data[4:8], bytes(4)))]
        if family == socket.AF_INET6 and kind == given:
            return [(level, given, data)]
    return []


def answer_datagram(server):
    _, control, _, client = server.recvmsg(2048, 256)
    server.sendmsg([line], source(server.family, control), 0, client)


def answer_association(server):
    connection, _ = server.accept()
    with connection:
        connection.settimeout(5)
        connection.sendall(line)


def listen(family):
    kind = (socket.SOCK_DGRAM, 0) if protocol == "udp" else (socket.SOCK_STREAM, SCTP)
    server = socket.socket(family, *kind)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if protocol == "udp":
        level, asked, _ = PKTINFO[family]
        server.setsockopt(level, asked, 1)
    server.bind(("", port))
    if protocol == "sctp":
        server.listen(128)
    return server


protocol, port, line = sys.argv[1], int(sys.argv[2]), (sys.argv[3] + "\\n").encode()
families = [socket.AF_INET] + ([socket.AF_INET6] if os.path.exists("/proc/net/if_inet6") else [])
servers = [listen(family) for family in families]
nobody = pwd.getpwnam("nobody")
os.setgroups([])
os.setgid(nobody.pw_gid)
os.setuid(nobody.pw_uid)
while True:
    for ready in select.select(servers, [], [])[0]:
        try:
            answer_datagram(ready) if protocol == "udp" else answer_association(ready)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
`;
