/**
 * Finds out who answers on a UDP or SCTP port. The program is an argument of `python3 -c`; the guard allows exactly this
 * text. It reads and writes no files and queries no name server. Python 3.4 or later.
 */
import type { Probe } from "./probe.ts";

/** The result of one request. */
export interface DatagramResult {
  readonly state: "answered" | "silent" | "failed";
  /** The first line of the answer, or why there is none; printable ASCII, at most 200 characters. */
  readonly text: string;
}

/**
 * Arguments: protocol, address, port, number of requests, seconds to wait for an answer. Each request has its own socket,
 * so that the director sees a new client port, and prints one line with its result. Opening an SCTP socket would load the
 * kernel module, so nothing is sent if it is not loaded.
 */
const PROGRAM = `import os, select, socket, sys, time
protocol, address, port, requests, seconds = sys.argv[1:6]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
if protocol == "sctp" and not os.path.exists("/proc/net/sctp"):
    sys.exit("the kernel module sctp is not loaded")
def say(state, text):
    print("lvsctl-probe", state, "".join(c for c in text.split("\\n")[0][:200] if " " <= c <= "~"))
def knock():
    kind = (socket.SOCK_DGRAM, 0) if protocol == "udp" else (socket.SOCK_STREAM, 132)
    one = socket.socket(family, *kind)
    one.setblocking(False)
    one.connect_ex((address, int(port)))
    if protocol == "udp":
        one.send(b"lvsctl verify\\n")
    return one
def hear(one):
    try:
        say("answered", one.recv(2048).decode("ascii", "replace"))
    except OSError as error:
        say("failed", error.strerror)
left = int(requests)
while left > 0:
    waiting = []
    for _ in range(min(left, 50)):
        left -= 1
        try:
            waiting.append(knock())
        except OSError as error:
            say("failed", error.strerror)
    end = time.monotonic() + float(seconds)
    while waiting and time.monotonic() < end:
        for one in select.select(waiting, [], [], max(0, end - time.monotonic()))[0]:
            hear(one)
            waiting.remove(one)
            one.close()
    for one in waiting:
        say("silent", "no answer")
        one.close()
`;

/** No user folders, no site packages, and no compiled modules written. */
const FLAGS = ["-I", "-S", "-B", "-c"] as const;

/** The command that sends requests to a UDP or SCTP service. */
export function datagramsCommand(
  target: { readonly protocol: "udp" | "sctp"; readonly address: string; readonly port: number },
  requests: number,
  timeoutSeconds: number,
): readonly string[] {
  const { protocol, address, port } = target;
  return ["python3", ...FLAGS, PROGRAM, protocol, address, ...[port, requests, timeoutSeconds].map(String)];
}

/** Parses what it printed, one line per request. */
export function parseDatagramsOutput(stdout: string): readonly DatagramResult[] {
  return [...stdout.matchAll(/^lvsctl-probe (answered|silent|failed) (.*)$/gm)].map(([, state, text = ""]) => {
    return { state: state as DatagramResult["state"], text };
  });
}

const PROTOCOL = /^(udp|sctp)$/;
const ADDRESS = /^[0-9A-Fa-f.:]{2,45}$/;
const NUMBER = /^\d{1,5}$/;

/** The probe that sends requests over UDP and SCTP. */
export const datagramsProbe: Probe = {
  program: "python3",
  allows: (args) => {
    const [program, protocol = "", address = "", ...numbers] = args.slice(FLAGS.length);
    if (!FLAGS.every((flag, index) => args[index] === flag) || program !== PROGRAM || numbers.length !== 3)
      return false;
    return PROTOCOL.test(protocol) && ADDRESS.test(address) && numbers.every((word) => NUMBER.test(word));
  },
};
