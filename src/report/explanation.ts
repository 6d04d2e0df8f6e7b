/** What `lvsctl explain` shows, with every text in the requested language. */
import type { OwnersList } from "../plan/plan.ts";
import type { JsonResult } from "./json.ts";

/** An explained playbook or topology. */
export interface Explanation {
  readonly language: "en" | "zh";
  /** The playbook's or the topology's name. */
  readonly name: string;
  /** What is explained: a playbook's title, or the topology's file. */
  readonly title: string;
  readonly summary?: string;
  readonly services: readonly ExplainedService[];
  /** In the order in which they are applied. */
  readonly steps: readonly ExplainedStep[];
  /** What others have to set up on hosts that lvsctl does not log in to; absent if there are none. */
  readonly unmanaged?: readonly OwnersList[];
}

/** A service and the path of its packets. */
export interface ExplainedService {
  readonly name: string;
  /** Where it is, if that is more than one address and port; ranges as `8000-8099`, and no ports for every port. */
  readonly places?: readonly { readonly address: string; readonly ports: readonly string[] }[];
  /** The topology file, if it is an example and not the user's. */
  readonly example?: string;
  /** The mode first, then the features of the service. */
  readonly playbooks: readonly { readonly name: string; readonly title: string; readonly summary: string }[];
  /** The addresses under their usual LVS names: CIP, VIP, DIP, RIP, LIP. */
  readonly addresses: readonly { readonly name: string; readonly address: string; readonly host: string }[];
  /**
   * Where verify sends it from if not from clients of the topology: `here` is the machine that lvsctl runs on, for there is
   * none; `nowhere`: none of them can take the way.
   */
  readonly sentFrom?: "here" | "nowhere";
  /** What verify sends, and where. */
  readonly tests: readonly { readonly type: string; readonly target: string }[];
  /** What it does not test, and why, in English. */
  readonly untested?: readonly string[];
  readonly way?: ExplainedWay;
  /** There if the mode's playbook has no path, so that the way is not known. */
  readonly isPathless?: true;
  /** Clients of the topology whose requests do not get there, or that nobody can answer. */
  readonly excluded?: readonly { readonly client: string; readonly reason: string }[];
}

/** The path of one request from the client to a real server, and of its reply. */
export interface ExplainedWay {
  readonly scheduler: string;
  /** For how long after its last connection a client keeps its real server; absent if each connection is scheduled. */
  readonly persistenceSeconds?: number;
  /** What keeps it if not a single client: `call`, or all clients of a network, by its netmask or prefix length. */
  readonly persistenceOf?: string;
  readonly director: string;
  readonly client: string;
  /** There if it stands for clients that are not in the topology, whose address and segment nobody knows. */
  readonly isClientElsewhere?: true;
  readonly realServer: string;
  /** How many the scheduler can choose from: those with a weight above 0. */
  readonly realServers: number;
  readonly hops: readonly ExplainedHop[];
  /** What happens to the request at the real server, and to the reply at the client. */
  readonly arrivals: Readonly<Record<"request" | "reply", readonly ExplainedPoint[]>>;
  /** The address that the real server sees as its client, and the one on which it is asked. */
  readonly peer: string;
  readonly askedAt: string;
  /** Where the client sends its request, and where the reply comes from. */
  readonly target: string;
  readonly replySource: string;
  readonly isAnswered: boolean;
  /** There if nobody awaits a reply, so that only the request is shown. */
  readonly isOneWay?: true;
  /** What never arrives, because it goes round in circles. */
  readonly endless?: "request" | "reply";
  /** What routers outside of the topology have to do for it, which nothing in the file says; absent if that is nothing. */
  readonly relies?: readonly ExplainedRelied[];
  /** Other real servers whose way ends otherwise; absent if there are none. */
  readonly unlike?: readonly UnlikeWay[];
  readonly directorSees: "requests" | "both";
  /** The service's other directors; absent if there are none. */
  readonly beside?: readonly OtherDirector[];
}

/** Packets that they have to bring to a host. `address`: where those are for, if it is on no network of the topology. */
interface ExplainedRelied {
  readonly direction: "request" | "reply";
  readonly host: string;
  readonly address?: string;
}

/** What happens to requests that come to another director than the one whose way is shown. */
export interface OtherDirector {
  readonly director: string;
  /** The clients of the topology whose requests come to it. */
  readonly clients: readonly string[];
  /** How their ways end, by real server; none if nothing in the topology leads requests to it. */
  readonly ends: readonly UnlikeWay[];
  /** What it does to packets, if that is not what the shown director does. */
  readonly points?: readonly ExplainedPoint[];
}

/** How the way ends if another real server is chosen. */
export interface UnlikeWay extends Pick<ExplainedWay, "replySource" | "isAnswered" | "endless" | "relies"> {
  readonly realServers: readonly string[];
}

/** A packet's path from one interface to the next. */
export interface ExplainedHop {
  readonly direction: "request" | "reply";
  /** `fw eth1`: the frame's MAC addresses belong to these interfaces. */
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly destination: string;
  readonly outer?: { readonly source: string; readonly destination: string; readonly protocol: string };
  /** What the sender does to the packet beforehand. */
  readonly points: readonly ExplainedPoint[];
  readonly isBeyond: boolean;
}

/** What a host does to a packet, and why. */
export interface ExplainedPoint {
  readonly host: string;
  readonly changes: readonly {
    readonly field: "source" | "destination" | "outer";
    /** Absent for a header that is added or removed. */
    readonly before?: string;
    readonly after?: string;
  }[];
  readonly why: string;
}

/** Everything that is made for one reason. */
export interface ExplainedStep {
  readonly stage: string;
  /** Each with its host, or with its role in a playbook. */
  readonly things: readonly { readonly host: string; readonly what: string }[];
  /** The condition of a playbook's step, as written there. */
  readonly when?: string;
  readonly why: string;
}

/** `lvsctl.explain/1`. */
export function explanationToJson(explanation: Explanation) {
  return { format: "lvsctl.explain/1", ...explanation } satisfies JsonResult;
}
