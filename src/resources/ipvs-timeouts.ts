/** How long IPVS remembers idle connections: one setting for all services of a host. */
import { command, raw, type ShellCommand, sh } from "../shell/quote.ts";
import { IPVS_TABLE_FILE, IPVSADM } from "./ipvs.ts";
import { NOT_FOUND, notUnderstood, outputOf, requireOutput } from "./outputs.ts";
import { type Change, nothingFound, oneByOne, type ResourceKind, type State } from "./resource.ts";

/** Seconds until an idle connection is forgotten. Source: ipvsadm(8), --set. */
export interface IpvsTimeoutsState extends State {
  /** TCP connections that are open. */
  readonly tcp: number;
  /** TCP connections after a FIN. */
  readonly tcpfin: number;
  readonly udp: number;
}

/** What the kernel begins with, once ip_vs is loaded. Source: the kernel's ip_vs_proto_tcp.c and ip_vs_proto_udp.c. */
export const KERNEL_TIMEOUTS: IpvsTimeoutsState = { tcp: 900, tcpfin: 120, udp: 300 };

const READ = "ipvs-timeouts";
const NAMES = ["tcp", "tcpfin", "udp"] as const;
const KEY = "of the host";

/** The kernel keeps a timeout in ticks, of which there are up to 1000 a second, in a signed 32-bit number. */
const MAXIMUM_SECONDS = 2_147_483;

function seconds(description: string) {
  return { type: "integer", minimum: 1, maximum: MAXIMUM_SECONDS, description };
}

/** The timeouts of IPVS. Source: ipvsadm(8). */
export const ipvsTimeouts: ResourceKind<IpvsTimeoutsState> = {
  kind: "ipvs-timeouts",
  schema: {
    type: "object",
    required: NAMES,
    additionalProperties: false,
    properties: {
      tcp: seconds("Seconds until an idle TCP connection is forgotten."),
      tcpfin: seconds("Seconds until a TCP connection is forgotten after a FIN."),
      udp: seconds("Seconds after the last datagram until a UDP client is forgotten."),
    },
  },

  resolve: ({ tcp, tcpfin, udp }) => [{ tcp: Number(tcp), tcpfin: Number(tcpfin), udp: Number(udp) }],
  key: () => KEY,
  fields: { tcp: true, tcpfin: true, udp: true },

  read: () => [{ name: READ, argv: ["ipvsadm", "-L", "--timeout"], onlyIf: IPVS_TABLE_FILE }],
  parse(outputs, _states, { host }) {
    if (outputOf(outputs, READ).status === NOT_FOUND) return nothingFound();
    const text = requireOutput(outputs, READ, host, IPVSADM);
    if (text === "") return nothingFound();
    const [, tcp, tcpfin, udp] = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) (\d+)$/m.exec(text) ?? [];
    if (udp === undefined) throw notUnderstood(host, IPVSADM.name, text.trim());
    const state = { tcp: Number(tcp), tcpfin: Number(tcpfin), udp: Number(udp) };
    return { states: new Map([[KEY, state]]), detail: undefined };
  },

  diff: (actual, desired) => NAMES.filter((name) => actual[name] !== desired[name]),
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, script),
  comesBack: "virtual services",
  isSetting: true,
  whenChangedByOthers: "leave",
  describe: (state) => `IPVS timeouts ${NAMES.map((name) => `${name} ${state[name]} s`).join(", ")}`,
};

/** Without ip_vs there is nothing to reset, and ipvsadm would load it. */
function script({ after }: Change<IpvsTimeoutsState>): ShellCommand {
  const set = ({ tcp, tcpfin, udp }: IpvsTimeoutsState) =>
    command("ipvsadm", "--set", String(tcp), String(tcpfin), String(udp));
  return after === undefined ? sh`[ ! -e ${IPVS_TABLE_FILE} ] || ${raw(set(KERNEL_TIMEOUTS))}` : set(after);
}
