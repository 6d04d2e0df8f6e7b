/** Changes of a running installation: a client that is served slowly through all of them keeps its connection. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { LabUnderTest, succeeded } from "../helpers/lab-under-test.ts";

/** More than the client reads meanwhile. */
const SIZE = 60_000_000;

/**
 * A web server gives up on a client when it can write nothing for a minute. With a small send buffer it can write often,
 * however slow this machine is: it need not wait for the client to take megabytes.
 */
const SMALL_SEND_BUFFER = "echo 4096 16384 65536 >/proc/sys/net/ipv4/tcp_wmem";

/**
 * Two connections, which the scheduler gives to two real servers. Keep-alive notices the one whose real server goes. Each is read a little twice a second, and to its end
 * when /tmp/finish appears. Says for each who answered and how much of the page came.
 */
const SLOW_CLIENT = `cat >/tmp/slow.py <<'END'
import os, socket, time
connections = []
for number in range(2):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5)
    s.connect(("10.0.2.1", 80))
    s.sendall(b"GET /big HTTP/1.0\\r\\n\\r\\n")
    connections.append([s, bytearray(s.recv(2048))])
print("started", flush=True)
while not os.path.exists("/tmp/finish"):
    for connection in connections:
        connection[0].settimeout(0.2)
        try: connection[1] += connection[0].recv(65536)
        except OSError: pass
    time.sleep(0.5)
for s, data in connections:
    s.settimeout(None)
    try:
        while True:
            more = s.recv(65536)
            if not more: break
            data += more
    except OSError: pass
    body = bytes(data).split(b"\\r\\n\\r\\n", 1)[1]
    print(body[:3].decode(), len(body), flush=True)
print("ended", flush=True)
END
rm -f /tmp/finish
setsid python3 /tmp/slow.py </dev/null >/tmp/slow.log 2>&1 &
until grep -q started /tmp/slow.log; do kill -0 $! || { cat /tmp/slow.log; exit 1; }; sleep 0.25; done`;

const FINISH = `touch /tmp/finish
until grep -q ended /tmp/slow.log; do pgrep -f /tmp/slow.p[y] >/dev/null || break; sleep 0.5; done
cat /tmp/slow.log`;

let lab: LabUnderTest;
/** The topology as it has become by the edits so far. */
let text = "";

beforeAll(async () => {
  lab = await LabUnderTest.up("dr.yaml", "e2e-live-edit", (example) => {
    text = example
      .replace(
        "  client:\n",
        "  rs3:\n    role: real-server\n    interfaces: { eth0: 172.16.20.40/24 }\n    gateway: 172.16.20.1\n  client:\n",
      )
      .replace("    scheduler: rr\n", "    scheduler: rr\n    realServers:\n      rs1: {}\n      rs2: {}\n")
      .concat("\nverify: { requests: 8, timeout: 3 }\n");
    return text;
  });
  await succeeded(lab.do("apply", "--yes"));
  for (const host of ["rs1", "rs2"]) {
    await lab.on(host, SMALL_SEND_BUFFER);
    await lab.on(host, `yes ${host} | head -c ${SIZE} >/var/lib/lvsctl/${lab.name}/www-80/big`);
  }
  await lab.on("client", SLOW_CLIENT);
});

afterAll(async () => {
  await lab?.down();
});

/** Applies the topology with one more edit; gives the director's table. */
async function edit(change: (text: string) => string): Promise<string> {
  const changed = change(text);
  expect(changed).not.toBe(text);
  text = changed;
  const { status, stdout, stderr } = await lab.lvsctl(
    ...["apply", "--lab", "--yes", "--drain-timeout", "1", lab.variant("edited.yaml", () => text)],
  );
  expect(stderr + stdout).toContain("Verified");
  expect(status, stdout).toBe(0);
  return lab.on("dr", "ipvsadm -S -n");
}

it("live edits keep the connection to a real server that stays, to the last byte", async () => {
  // It changes weights and the scheduler in place.
  {
    const table = await edit((now) =>
      now.replace("scheduler: rr", "scheduler: wrr").replace("rs1: {}", "rs1: { weight: 3 }"),
    );
    expect(table).toBe(`-A -t 172.16.10.10:80 -s wrr
-a -t 172.16.10.10:80 -r 172.16.20.20:80 -g -w 3
-a -t 172.16.10.10:80 -r 172.16.20.30:80 -g -w 1
`);
  }

  // It changes thresholds, which converge, up and back to none.
  {
    await edit((now) =>
      now.replace("rs1: { weight: 3 }", "rs1: { weight: 3, upperThreshold: 500, lowerThreshold: 400 }"),
    );
    const limited = await lab.on("dr", "ipvsadm -L -n --thresholds");
    expect(limited).toMatch(/172\.16\.20\.20:80 +500 +400 /);
    await edit((now) => now.replace(", upperThreshold: 500, lowerThreshold: 400", ""));
    expect(await lab.on("dr", "ipvsadm -L -n --thresholds")).toMatch(/172\.16\.20\.20:80 +0 +0 /);
  }

  // It adds a real server and another virtual address.
  {
    const table = await edit((now) =>
      now
        .replace("      rs2: {}\n", "      rs2: {}\n      rs3: {}\n")
        .replace(
          "services:\n",
          "services:\n  more: { mode: dr, vip: 172.16.10.11, port: 80, scheduler: rr, testPage: true, realServers: [rs1, rs3] }\n",
        ),
    );
    expect(table).toContain("-a -t 172.16.10.10:80 -r 172.16.20.40:80 -g -w 1\n");
    expect(table).toContain("-A -t 172.16.10.11:80 -s rr\n");
  }

  // It takes a real server out.
  {
    const table = await edit((now) => now.replace("      rs2: {}\n", ""));
    expect(table).not.toContain("172.16.20.30");
    expect(await lab.on("rs2", "ip -4 address show dev lo")).not.toContain("172.16.10.10");
  }

  // It goes from direct routing to tunnels.
  {
    const table = await edit((now) => now.replace("  web:\n    mode: dr", "  web:\n    mode: tun"));
    expect(table).toContain("-a -t 172.16.10.10:80 -r 172.16.20.20:80 -i -w 3");
    expect(table).toContain("-a -t 172.16.10.11:80 -r 172.16.20.20:80 -g -w 1\n");
  }

  // It has kept the connection to the real server that stayed, to the last byte.
  {
    const ended = await lab.on("client", FINISH);
    expect(ended).toContain(`rs1 ${SIZE}\n`);
  }
});
