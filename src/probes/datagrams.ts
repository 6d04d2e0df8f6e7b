/**
 * Finds out who answers on a UDP or SCTP port, and what a name server answers. The program is an argument of `python3 -c`; the
 * guard allows exactly this text. It reads and writes no files, and looks no name up. Python 3.4 or later.
 */
import type { Probe } from "./probe.ts";

/** The result of one request. */
export interface AskResult {
  readonly state: "answered" | "silent" | "failed";
  /** The beginning of the answer (printable ASCII, at most 200 characters; or hexadecimal), or why there is none. */
  readonly text: string;
}

/** Parses what such a probe printed. */
export function parseAsked(stdout: string): readonly AskResult[] {
  return [...stdout.matchAll(/^lvsctl-probe (answered|silent|failed) (.*)$/gm)].map(([, state, text = ""]) => {
    return { state: state as AskResult["state"], text };
  });
}

/** An address, never a name: a probe asks no name server. */
export const ADDRESS = /^[0-9A-Fa-f.:]{2,45}$/;
/** A port, a count or seconds. */
export const NUMBER = /^\d{1,5}$/;

/**
 * Arguments: protocol, address, port, number of requests, seconds to wait for an answer; and for a name server the name and
 * the type to ask for; its answers are printed in hexadecimal. Each request has its own socket, so that the director sees a
 * new client port, and prints one line with its result. Only a name server is asked over TCP, one request after the other.
 * With \`.\` and \`OPTIONS\` in place of a name and a type a SIP server is asked what it can do, each time in another call.
 * Opening an SCTP socket would load the kernel module, so nothing is sent if it is not loaded.
 */
const PROGRAM = `import binascii, os, select, socket, struct, sys, time
protocol, address, port, requests, seconds = sys.argv[1:6]
name, kind = (sys.argv[6:] + ["", ""])[:2]
if kind == "OPTIONS":
    name = ""
family = socket.AF_INET6 if ":" in address else socket.AF_INET
if protocol == "sctp" and not os.path.exists("/proc/net/sctp"):
    sys.exit("the kernel module sctp is not loaded")
def say(state, text):
    print("lvsctl-probe", state, "".join(c for c in text.split("\\n")[0][:4096 if name else 200] if " " <= c <= "~"))
def question(number):
    labels = [one.encode() for one in name.split(".") if one]
    asked = b"".join(struct.pack("B", len(one)) + one for one in labels)
    return struct.pack(">6H", number, 256, 1, 0, 0, 0) + asked + struct.pack(">B2H", 0, int(kind), 1)
def options(one, number):
    host, own = one.getsockname()[:2]
    here, there = ["[%s]" % each if ":" in each else each for each in (host, address)]
    call = "%d-%d-%d" % (os.getpid(), time.time() * 1000, number)
    lines = ["OPTIONS sip:%s:%s SIP/2.0" % (there, port), "Via: SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK-%s" % (here, own, call),
        "Max-Forwards: 70", "From: <sip:lvsctl@%s:%d>;tag=%s" % (here, own, call), "To: <sip:%s:%s>" % (there, port),
        "Call-ID: %s@%s" % (call, here), "CSeq: 1 OPTIONS", "Contact: <sip:lvsctl@%s:%d>" % (here, own),
        "Accept: application/sdp", "User-Agent: lvsctl verify", "Content-Length: 0", "", ""]
    return "\\r\\n".join(lines).encode()
def answer(data):
    say("answered", binascii.hexlify(data).decode() if name else data.decode("ascii", "replace"))
def whole(one, size):
    data = b""
    while len(data) < size:
        more = one.recv(size - len(data))
        if not more:
            raise OSError(0, "closed without an answer")
        data += more
    return data
def converse(number):
    one = socket.create_connection((address, int(port)), float(seconds))
    asked = question(number)
    one.sendall(struct.pack(">H", len(asked)) + asked)
    size, = struct.unpack(">H", whole(one, 2))
    answer(whole(one, size))
    one.close()
def knock(number):
    form = (socket.SOCK_DGRAM, 0) if protocol == "udp" else (socket.SOCK_STREAM, 132)
    one = socket.socket(family, *form)
    one.setblocking(False)
    one.connect_ex((address, int(port)))
    if protocol == "udp":
        one.send(question(number) if name else options(one, number) if kind else b"lvsctl verify\\n")
    return one
def hear(one):
    try:
        answer(one.recv(2048))
    except OSError as error:
        say("failed", error.strerror)
left = int(requests)
while left > 0 and protocol == "tcp":
    left -= 1
    try:
        converse(left)
    except socket.timeout:
        say("silent", "no answer")
    except (OSError, struct.error) as error:
        say("failed", getattr(error, "strerror", None) or str(error))
while left > 0:
    waiting = []
    for _ in range(min(left, 10)):
        left -= 1
        try:
            waiting.append(knock(left))
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

/** What a name server can be asked for, and the type's number. Source: RFC 1035, RFC 3596. */
const TYPES = { A: 1, NS: 2, AAAA: 28 } as const;

/** In place of a question: ask a SIP server for what it can do. Source: RFC 3261, section 11. */
export const SIP_OPTIONS = "sip-options";
const OPTIONS = [".", "OPTIONS"] as const;

/** A question to a name server: `example.net`, or `.` for the root. */
export interface Question {
  readonly name: string;
  readonly type: keyof typeof TYPES;
}

/** The command that sends requests to a UDP or SCTP service, questions to a name server, or OPTIONS to a SIP server. */
export function datagramsCommand(
  target: { readonly protocol: "tcp" | "udp" | "sctp"; readonly address: string; readonly port: number },
  requests: number,
  timeoutSeconds: number,
  question?: Question | typeof SIP_OPTIONS,
): readonly string[] {
  const { protocol, address, port } = target;
  const asked =
    question === undefined ? [] : question === SIP_OPTIONS ? OPTIONS : [question.name, String(TYPES[question.type])];
  return ["python3", ...FLAGS, PROGRAM, protocol, address, ...[port, requests, timeoutSeconds].map(String), ...asked];
}

const PROTOCOL = /^(udp|sctp)$/;
const NAME = /^(\.|(?=.{1,254}$)([A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?)$/;

/** The probe that sends requests over UDP and SCTP, questions to name servers, and OPTIONS to SIP servers. */
export const datagramsProbe: Probe = {
  program: "python3",
  allows: (args) => {
    const [program, protocol = "", address = "", ...rest] = args.slice(FLAGS.length);
    const [numbers, question] = [rest.slice(0, 3), rest.slice(3)];
    if (!FLAGS.every((flag, index) => args[index] === flag) || program !== PROGRAM || numbers.length !== 3)
      return false;
    if (!ADDRESS.test(address) || !numbers.every((word) => NUMBER.test(word))) return false;
    const [name = "", type = ""] = question;
    if (question.join() === OPTIONS.join()) return protocol === "udp";
    const isQuestion = question.length === 2 && NAME.test(name) && Object.values(TYPES).map(String).includes(type);
    return isQuestion ? /^(udp|tcp)$/.test(protocol) : question.length === 0 && PROTOCOL.test(protocol);
  },
};
