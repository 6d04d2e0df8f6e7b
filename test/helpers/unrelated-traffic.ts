/** Somebody else's service on the hosts of examples/dr.yaml, which is asked all the time and must not lose a request. */
import type { LabUnderTest } from "./lab-under-test.ts";

const ADDRESS = "172.16.20.99";
const PORT = 9999;

const SERVER = `import http.server
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "7"); self.end_headers(); self.wfile.write(b"theirs\\n")
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("", ${PORT}), Page).serve_forever()
`;

/** Ten requests a second, each over a connection of its own; counts until /tmp/enough appears. */
const CLIENT = `import os, socket, time
sent = lost = 0
while not os.path.exists("/tmp/enough"):
    sent += 1
    try:
        with socket.create_connection(("${ADDRESS}", ${PORT}), 5) as s:
            s.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            text = b""
            while True:
                more = s.recv(4096)
                if not more: break
                text += more
        if not text.endswith(b"theirs\\n"): raise OSError("wrong answer")
    except OSError as error:
        lost += 1
        print("lost", sent, error, flush=True)
    time.sleep(0.1)
print("ended", sent, lost, flush=True)
`;

export interface Traffic {
  /** Ends it and takes the service away. `losses`: a line each. */
  end(): Promise<{ readonly sent: number; readonly lost: number; readonly losses: readonly string[] }>;
}

/** Sets the service up by hand, by direct routing from dr to rs2, and begins to ask. */
export async function unrelatedTraffic(lab: LabUnderTest): Promise<Traffic> {
  await lab.on("fw", "echo 1 >/proc/sys/net/ipv4/ip_forward");
  await lab.on(
    "rs2",
    `echo 1 >/proc/sys/net/ipv4/conf/eth0/arp_ignore
echo 2 >/proc/sys/net/ipv4/conf/eth0/arp_announce
ip address add ${ADDRESS}/32 dev lo
${started("theirs.py", SERVER)}
for i in $(seq 50); do ss -Hltn sport = :${PORT} | grep -q . && break; sleep 0.2; done`,
  );
  await lab.on(
    "dr",
    `modprobe -a ip_vs ip_vs_wrr
ip address add ${ADDRESS}/32 dev eth0
ipvsadm -A -t ${ADDRESS}:${PORT} -s wrr
ipvsadm -a -t ${ADDRESS}:${PORT} -r 172.16.20.30:${PORT} -g`,
  );
  await lab.on("client", `rm -f /tmp/enough\n${started("asks.py", CLIENT)}`);
  return { end: () => end(lab) };
}

async function end(lab: LabUnderTest): Promise<Awaited<ReturnType<Traffic["end"]>>> {
  const log = await lab.on(
    "client",
    `touch /tmp/enough
for i in $(seq 50); do grep -q ^ended /tmp/asks.py.log && break; sleep 0.2; done
cat /tmp/asks.py.log; rm -f /tmp/enough /tmp/asks.py /tmp/asks.py.log`,
  );
  await lab.on("dr", `ipvsadm -D -t ${ADDRESS}:${PORT}; ip address del ${ADDRESS}/32 dev eth0`);
  await lab.on(
    "rs2",
    `pkill -f /tmp/theirs.py; rm -f /tmp/theirs.py /tmp/theirs.py.log
ip address del ${ADDRESS}/32 dev lo
echo 0 >/proc/sys/net/ipv4/conf/eth0/arp_ignore
echo 0 >/proc/sys/net/ipv4/conf/eth0/arp_announce`,
  );
  const [, sent, lost] = /^ended (\d+) (\d+)$/m.exec(log) ?? [];
  if (sent === undefined) throw new Error(`the client did not end: ${log}`);
  return { sent: Number(sent), lost: Number(lost), losses: log.split("\n").filter((line) => line.startsWith("lost")) };
}

function started(file: string, program: string): string {
  return `cat >/tmp/${file} <<'END'\n${program}END\nsetsid python3 /tmp/${file} </dev/null >/tmp/${file}.log 2>&1 &`;
}
