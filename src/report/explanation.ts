/** What `lvsctl explain` shows, every text in the language that was asked for. */
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
}

/** A service and the way of its packets. */
export interface ExplainedService {
  readonly name: string;
  /** The topology file, where it is an example and not the user's. */
  readonly example?: string;
  /** The mode first, then the features that the service has. */
  readonly playbooks: readonly { readonly name: string; readonly title: string; readonly summary: string }[];
  /** The field's names for the addresses: CIP, VIP, DIP, RIP, LIP. */
  readonly addresses: readonly { readonly name: string; readonly address: string; readonly host: string }[];
  readonly way?: ExplainedWay;
}

/** The way of one request from the client to a real server, and of its reply. */
export interface ExplainedWay {
  readonly scheduler: string;
  readonly director: string;
  readonly client: string;
  readonly realServer: string;
  readonly realServers: number;
  readonly hops: readonly ExplainedHop[];
  /** What happens at the real server to the request, and at the client to the reply. */
  readonly arrivals: Readonly<Record<"request" | "reply", readonly ExplainedPoint[]>>;
  /** Whom the real server takes for its client, and where it is asked. */
  readonly peer: string;
  readonly askedAt: string;
  /** Where the client asks, and from where the reply comes. */
  readonly target: string;
  readonly replySource: string;
  readonly isAnswered: boolean;
  readonly directorSees: "requests" | "both";
}

/** A packet on its way from one interface to the next. */
export interface ExplainedHop {
  readonly direction: "request" | "reply";
  /** `fw eth1`: the frame's MAC addresses are those of these interfaces. */
  readonly from: string;
  readonly to: string;
  readonly source: string;
  readonly destination: string;
  readonly outer?: { readonly source: string; readonly destination: string; readonly protocol: string };
  /** What the sender did before. */
  readonly points: readonly ExplainedPoint[];
  readonly isBeyond: boolean;
}

/** What a host does to a packet, and why. */
export interface ExplainedPoint {
  readonly host: string;
  readonly changes: readonly {
    readonly field: "source" | "destination" | "outer";
    /** Absent for a header that is put around the packet or taken off. */
    readonly before?: string;
    readonly after?: string;
  }[];
  readonly why: string;
}

/** What is made for one reason. */
export interface ExplainedStep {
  readonly stage: string;
  /** Each with the host, or with the role in a playbook. */
  readonly things: readonly { readonly host: string; readonly what: string }[];
  /** The condition of a playbook's step, as it writes it. */
  readonly when?: string;
  readonly why: string;
}

/** `lvsctl.explain/1`. */
export function explanationToJson(explanation: Explanation): JsonResult {
  return { format: "lvsctl.explain/1", ...explanation };
}
