/** The fixed words of an explanation, in each language. */
import { andList } from "../errors/and-list.ts";
import type { ExplainedService, ExplainedWay, Explanation, OtherDirector, UnlikeWay } from "./explanation.ts";

/** The words of one language. */
export interface ExplainWords {
  readonly service: string;
  /** A feature that a service has. */
  readonly feature: (title: string, summary: string) => string;
  readonly comma: string;
  /** Between a word and what it is about. */
  readonly colon: string;
  /** Between sentences. */
  readonly space: string;
  readonly shownOn: string;
  /** Addresses with the ports that they have in common; none for every port. */
  readonly place: (addresses: readonly string[], ports: readonly string[]) => string;
  /** All places of a service, and the one on which its way is shown. */
  readonly places: (places: readonly string[], shown: string | undefined) => string;
  readonly addresses: string;
  readonly addressNames: Readonly<Record<string, string>>;
  /** A client whose requests do not get there. The reason is in English. */
  readonly excluded: (client: string, reason: string) => string;
  readonly noRealServers: string;
  readonly pathless: string;
  readonly way: Readonly<Record<"request" | "reply", string>>;
  readonly fields: Readonly<Record<"source" | "destination" | "outer", string>>;
  /** A packet gets an outer header with these addresses. */
  readonly wrapped: (outer: string) => string;
  /** A packet loses that header. */
  readonly unwrapped: (outer: string) => string;
  readonly beyond: string;
  /** The same to and from a client that is not in the file, and what the way then stands for. */
  readonly somewhere: string;
  readonly elsewhere: string;
  /** The host on which the rest of the line happens. */
  readonly atHost: (host: string) => string;
  readonly whoSees: string;
  /** How a real server is chosen, and whose addresses each side sees; one item a line. */
  readonly sees: (way: ExplainedWay) => readonly string[];
  /** In place of all that, for packets that never arrive. */
  readonly endless: (way: ExplainedWay) => string;
  /** How the way ends with other real servers. */
  readonly unlike: (way: UnlikeWay) => string;
  readonly beside: string;
  /** Whose requests come to another director, and whether it does the same. */
  readonly besideWhat: (other: OtherDirector) => string;
  /** How all ways by it end. */
  readonly besideEnd: (end: UnlikeWay, isClientElsewhere: boolean) => string;
  /** The heading of what verify tests, and from where it sends its requests. */
  readonly tests: (sentFrom: ExplainedService["sentFrom"]) => string;
  readonly testTypes: Readonly<Record<string, string>>;
  /** What verify leaves out. The reason is in English. */
  readonly untested: (reason: string) => string;
  readonly steps: string;
  readonly onlyWhere: string;
  readonly noSteps: string;
  /** Where lvsctl logs in to none of the hosts. */
  readonly othersAlone: string;
  readonly owners: string;
}

type Persistence = Pick<ExplainedWay, "persistenceSeconds" | "persistenceOf">;

/** When the scheduler chooses, and who keeps what it chose. */
function whenEn({ persistenceSeconds, persistenceOf }: Persistence): string {
  if (persistenceSeconds === undefined) return "";
  const until = `until ${persistenceSeconds} s after the last`;
  if (persistenceOf === undefined)
    return ` at a client's first connection, and the client keeps it until ${persistenceSeconds} s after its last one`;
  if (persistenceOf !== "call") {
    return ` at the first connection from a network of clients (${persistenceOf}), and all clients in it keep that server ${until} one`;
  }
  return ` at the first message of a call, and what has the same Call-ID goes there too ${until} message`;
}

/** Which one a scheduler takes that goes by the highest weight alone. Source: ip_vs_fo.c and ip_vs_ovf.c in the kernel. */
function byWeightEn(scheduler: string): readonly string[] {
  if (scheduler === "fo") return ["fo takes the one with the highest weight, as long as it is not overloaded."];
  if (scheduler !== "ovf") return [];
  return ["ovf takes the one with the highest weight, as long as it has no more active connections than its weight."];
}

function byWeightZh(scheduler: string): readonly string[] {
  if (scheduler === "fo") return ["只要没有过载，fo 总是选权重最高的一台。"];
  if (scheduler !== "ovf") return [];
  return ["只要活动连接数不超过权重，ovf 总是选权重最高的一台。"];
}

function whenZh({ persistenceSeconds, persistenceOf }: Persistence): string {
  if (persistenceSeconds === undefined) return "选出";
  if (persistenceOf === undefined) {
    return `在客户端首次连接时选出；最后一次连接之后的 ${persistenceSeconds} 秒内，该客户端一直使用它`;
  }
  if (persistenceOf !== "call") {
    return `在一个客户端网络（${persistenceOf}）首次连接时选出；最后一次连接之后的 ${persistenceSeconds} 秒内，该网络的所有客户端都使用它`;
  }
  return `在一次呼叫的首个报文到达时选出；最后一个报文之后的 ${persistenceSeconds} 秒内，Call-ID 相同的报文都发给它`;
}

const en: ExplainWords = {
  service: "Service",
  feature: (title, summary) => `With ${title}: ${summary}`,
  comma: ", ",
  colon: ": ",
  space: " ",
  shownOn: "The packet's path, shown on",
  place: (addresses, ports) => {
    const isOne = ports.length === 1 && !ports[0]?.includes("-");
    return `${andList(addresses)}, ${ports.length === 0 ? "every port" : `port${isOne ? "" : "s"} ${andList(ports)}`}`;
  },
  places: (places, shown) =>
    `On ${places.join("; ")}.${shown === undefined ? "" : ` The path is shown for requests to ${shown}.`}`,
  addresses: "Addresses",
  addressNames: {
    CIP: "the client",
    VIP: "the virtual address, which clients ask",
    DIP: "the director's own address",
    LIP: "a local address, in place of the client's",
    RIP: "a real server's own address",
  },
  excluded: (client, reason) => `Requests from ${client} are not shown: ${reason}.`,
  noRealServers: "There are no real servers yet: the director refuses every request.",
  pathless: "The playbook of this mode has no `path`, so the packet's path is not known.",
  way: { request: "The request", reply: "The reply" },
  fields: { source: "source", destination: "destination", outer: "outer header" },
  wrapped: (outer) => `wrapped into ${outer}`,
  unwrapped: (outer) => `taken out of ${outer}`,
  beyond: "by routers outside of the topology",
  somewhere: "over what lies between, which the file does not say",
  elsewhere: "The path is that of a client which is not in the file; CIP is its address.",
  atHost: (host) => `At ${host}:`,
  whoSees: "Who sees what",
  sees: ({ realServer, realServers, scheduler, director, client, ...way }) => [
    ...(realServers > 1
      ? [
          `${realServer} is one of ${realServers} real servers; the scheduler ${scheduler} chooses${whenEn(way)}.`,
          ...byWeightEn(scheduler),
        ]
      : []),
    ...(realServers === 0
      ? [`Every real server has weight 0, so no new client gets one; the path is that to ${realServer} if it had more.`]
      : []),
    `${realServer} takes ${way.peer} for its client, and is asked at ${way.askedAt}.`,
    way.directorSees === "both"
      ? `${director} sees requests and replies.`
      : `${director} sees requests only${way.isOneWay ? "" : "; it never sees a reply"}.`,
    way.isOneWay
      ? `${client} asks ${way.target} and awaits no reply (\`verify: none\`): with one-packet scheduling ${director} keeps no connection, by which alone it could translate one.`
      : way.isAnswered
        ? `${client} asks ${way.target} and is answered from there${way.unlike ? ` if ${realServer} is chosen` : ""}${conditionsEn(way)}.`
        : `${client} asks ${way.target}, and a reply from ${way.replySource} does not match the request: this cannot work${way.unlike ? ` if ${realServer} is chosen` : ""}.`,
  ],
  endless: ({ endless, client, target, unlike, realServer }) =>
    `${client} asks ${target}, and its ${endless === "request" ? "request" : "reply"} is caught in a loop and never arrives: this cannot work${unlike ? ` if ${realServer} is chosen` : ""}.`,
  unlike: ({ realServers, isAnswered, endless, replySource, relies }) => {
    const chosen = `If ${realServers.join(" or ")} is chosen`;
    if (endless !== undefined)
      return `${chosen}, the ${endless} is caught in a loop and never arrives: this cannot work.`;
    if (isAnswered) return `${chosen}, the client is answered${conditionsEn({ relies })}.`;
    return `${chosen}, a reply from ${replySource} does not match the request: this cannot work.`;
  },
  beside: "Other directors",
  besideWhat: ({ director, clients, ends, points }) => {
    if (ends.length === 0) return `${director} has the service too; nothing in the file leads requests to it.`;
    const whose = clients.length === 0 ? "Requests that" : `Requests from ${andList(clients)}`;
    const what = points === undefined ? "treats them in the same way" : "treats them in another way";
    return `${whose} come to ${director}${clients.length === 0 ? ":" : " instead:"} it ${what}.`;
  },
  besideEnd: ({ isAnswered, endless, replySource, relies }, isClientElsewhere) => {
    if (endless !== undefined) return `The ${endless} is caught in a loop and never arrives: this cannot work.`;
    if (!isAnswered) return `A reply from ${replySource} does not match the request: this cannot work.`;
    return `The client is answered${conditionsEn({ relies, isClientElsewhere })}.`;
  },
  tests: (from) => {
    if (from === "here") return "What verify sends from this machine, as the file has no client to log in to";
    return from === "nowhere" ? "What verify would send from a client on this path" : "What verify sends";
  },
  testTypes: {
    http: "HTTP requests",
    https: "HTTPS requests",
    tcp: "TCP connections that say nothing",
    udp: "UDP datagrams",
    sctp: "SCTP associations",
    dns: "questions to a name server",
    sip: "OPTIONS requests to a SIP server",
  },
  untested: (reason) => `Not tested: ${reason}.`,
  steps: "The steps, in the order of an apply",
  onlyWhere: "only where",
  noSteps: "Nothing is asked of any host.",
  othersAlone:
    "None by lvsctl, which logs in to none of these hosts: their owners have to set up all of it, as listed below.",
  owners: "What others have to set up",
};

const zh: ExplainWords = {
  service: "服务",
  feature: (title, summary) => `附带 ${title}：${summary}`,
  comma: "，",
  colon: "：",
  space: "",
  shownOn: "报文路径，示例拓扑：",
  place: (addresses, ports) =>
    `${addresses.join("、")}，${ports.length === 0 ? "所有端口" : `端口 ${ports.join("、")}`}`,
  places: (places, shown) =>
    `服务位于 ${places.join("；")}。${shown === undefined ? "" : `报文路径以发往 ${shown} 的请求为例。`}`,
  addresses: "地址",
  addressNames: {
    CIP: "客户端",
    VIP: "虚拟地址，客户端访问的就是它",
    DIP: "调度器自己的地址",
    LIP: "本地地址，用来代替客户端地址",
    RIP: "真实服务器自己的地址",
  },
  excluded: (client, reason) => `不显示来自 ${client} 的请求：${reason}。`,
  noRealServers: "还没有真实服务器：调度器会拒绝所有请求。",
  pathless: "这种模式的 playbook 没有 `path`，所以不知道报文路径。",
  way: { request: "请求", reply: "回复" },
  fields: { source: "源地址", destination: "目的地址", outer: "外层报头" },
  wrapped: (outer) => `封装进 ${outer}`,
  unwrapped: (outer) => `从 ${outer} 中解封`,
  beyond: "经过拓扑之外的路由器",
  somewhere: "中间经过什么，文件没有说明",
  elsewhere: "所示路径属于文件之外的某个客户端；CIP 代表它的地址。",
  atHost: (host) => `在 ${host}：`,
  whoSees: "各自看到什么",
  sees: ({ realServer, realServers, scheduler, director, client, ...way }) => [
    ...(realServers > 1
      ? [
          `${realServer} 是 ${realServers} 台真实服务器之一，由调度算法 ${scheduler} ${whenZh(way)}。`,
          ...byWeightZh(scheduler),
        ]
      : []),
    ...(realServers === 0
      ? [`所有真实服务器的权重都是 0，新客户端得不到任何一台；这里显示的是假设 ${realServer} 的权重大于 0 时的路径。`]
      : []),
    `${realServer} 认为客户端是 ${way.peer}，被访问的地址是 ${way.askedAt}。`,
    way.directorSees === "both"
      ? `${director} 能看到请求和回复。`
      : `${director} 只看到请求${way.isOneWay ? "" : "，看不到回复"}。`,
    way.isOneWay
      ? `${client} 访问 ${way.target}，不等回复（\`verify: none\`）：单包调度时 ${director} 不保存连接，也就无法转换回复。`
      : way.isAnswered
        ? `${way.unlike ? `选中 ${realServer} 时，` : ""}${client} 访问 ${way.target}，回复也来自那里${conditionsZh(way)}。`
        : `${way.unlike ? `选中 ${realServer} 时，` : ""}${client} 访问 ${way.target}，而回来的报文源地址是 ${way.replySource}，不是它要的回复：这样行不通。`,
  ],
  endless: ({ endless, client, target, unlike, realServer }) =>
    `${unlike ? `选中 ${realServer} 时，` : ""}${client} 访问 ${target}，但${endless === "request" ? "请求" : "回复"}一直在兜圈子，永远到不了：这样行不通。`,
  unlike: ({ realServers, isAnswered, endless, replySource, relies }) => {
    const chosen = `选中 ${realServers.join("、")} 时`;
    if (endless !== undefined) {
      return `${chosen}，${endless === "request" ? "请求" : "回复"}一直在兜圈子，永远到不了：这样行不通。`;
    }
    if (isAnswered) return `${chosen}，客户端能得到回复${conditionsZh({ relies })}。`;
    return `${chosen}，回来的报文源地址是 ${replySource}，不是客户端要的回复：这样行不通。`;
  },
  beside: "其他调度器",
  besideWhat: ({ director, clients, ends, points }) => {
    if (ends.length === 0) return `${director} 也有这个服务；文件中没有路由把请求引向它。`;
    const whose = clients.length === 0 ? "到达" : `来自 ${clients.join("、")} 的请求到达`;
    const what = points === undefined ? "处理方式相同" : "处理方式不同";
    return `${whose} ${director}${clients.length === 0 ? " 的请求" : ""}：${what}。`;
  },
  besideEnd: ({ isAnswered, endless, replySource, relies }, isClientElsewhere) => {
    if (endless !== undefined) {
      return `${endless === "request" ? "请求" : "回复"}一直在兜圈子，永远到不了：这样行不通。`;
    }
    if (!isAnswered) return `回来的报文源地址是 ${replySource}，不是客户端要的回复：这样行不通。`;
    return `客户端能得到回复${conditionsZh({ relies, isClientElsewhere })}。`;
  },
  tests: (from) => {
    if (from === "here") return "verify 从本机发送什么（文件中没有可以登录的客户端）";
    return from === "nowhere" ? "如果有能走这条路径的客户端，verify 会发送什么" : "verify 发送什么";
  },
  testTypes: {
    http: "HTTP 请求",
    https: "HTTPS 请求",
    tcp: "不发送数据的 TCP 连接",
    udp: "UDP 数据报",
    sctp: "SCTP 关联",
    dns: "向域名服务器查询",
    sip: "向 SIP 服务器发送 OPTIONS 请求",
  },
  untested: (reason) => `未测试：${reason}。`,
  steps: "各个步骤，按 apply 的顺序",
  onlyWhere: "仅当",
  noSteps: "不需要对任何主机做任何事。",
  othersAlone: "lvsctl 不登录这些主机，自己没有步骤：全部由主机所有者负责，见下文。",
  owners: "由他人负责的部分",
};

/** The words by language. */
export const explainWords: Readonly<Record<Explanation["language"], ExplainWords>> = { en, zh };

/** What has to be true for an answer, besides what the file says. */
interface Conditions {
  readonly relies?: ExplainedWay["relies"] | undefined;
  readonly isClientElsewhere?: boolean;
}

function conditionsEn({ relies = [], isClientElsewhere = false }: Conditions): string {
  const outside = relies.map(({ direction, host, address }) =>
    address === undefined
      ? `routers outside of the topology send the ${direction} to ${host}`
      : `routers outside of the topology have a route to ${address} by ${host}`,
  );
  const all = [...(isClientElsewhere ? ["it is where routes lead there and back"] : []), ...new Set(outside)];
  return all.length === 0 ? "" : `, if ${all.join(", and ")}`;
}

function conditionsZh({ relies = [], isClientElsewhere = false }: Conditions): string {
  const outside = relies.map(({ direction, host, address }) =>
    address === undefined
      ? `拓扑之外的路由器把${direction === "request" ? "请求" : "回复"}送到 ${host}`
      : `拓扑之外的路由器有经 ${host} 到 ${address} 的路由`,
  );
  const all = [...(isClientElsewhere ? ["来回都有路由"] : []), ...new Set(outside)];
  return all.length === 0 ? "" : `，前提是${all.join("，并且")}`;
}
