/** The text of a first topology: every part with a comment that says what it is for. */
import { type Cidr, contains, formatCidr, networkOf, wholeAddress } from "../../net/address.ts";
import { type Answers, innerSubnet, outerSubnet, repliesThroughDirector } from "./answers.ts";

const COLUMN = 30;
const WIDTH = 80;

/** A topology file for these answers. */
export function starterText(answers: Answers): string {
  const { mode } = answers;
  const lines = [
    ...remark(`${mode.title} (${mode.name}). ${mode.summary}`),
    "version: 1",
    noted(`name: ${mode.name}-web`, "names what lvsctl makes on the hosts"),
    "",
    ...remark("Every host: its role, its interfaces' addresses, and its default gateway."),
    ...remark(
      `lvsctl logs in by SSH to the host's name. If ssh knows a host otherwise, add to it, for example: ssh: { host: ${answers.addresses.director[0]?.address}, user: root }`,
    ),
    ...remark('Your interfaces may have other names than eth0: see "ip link" on the host.'),
    "hosts:",
    ...hostLines(answers),
    "",
    ...remark("What clients can ask for."),
    "services:",
    "  web:",
    ...serviceLines(answers),
  ];
  return `${lines.join("\n")}\n`;
}

function hostLines(answers: Answers): readonly string[] {
  const { firewall, director, client } = answers.addresses;
  const tests = "sends test requests; else this machine does";
  const realServers = answers.addresses["real-server"];
  const isRoundabout = comesRoundabout(answers);
  return [
    ...(firewall.length === 0
      ? []
      : [
          noted("  fw:", "routes packets between the subnets"),
          "    role: firewall",
          ...interfaceLines(firewall),
          ...(isRoundabout
            ? [
                noted(
                  "    sysctls: { net.ipv4.conf.all.rp_filter: 2 }",
                  "lets in replies whose source, the VIP, is on another side",
                ),
              ]
            : []),
        ]),
    noted("  lb:", "the director: has the VIP, picks a real server"),
    "    role: director",
    ...interfaceLines(director),
    ...gatewayLine(routerFor(director[0], answers)),
    ...realServers.flatMap((address, index) => [
      noted(`  rs${index + 1}:`, index === 0 ? "the real servers: they do the work" : ""),
      "    role: real-server",
      ...interfaceLines([address]),
      ...realServerGateway(address, answers, index === 0),
    ]),
    ...client.flatMap((address) => [
      ...(answers.isClientSample
        ? [noted("  client:", "an example for the lab: replace or delete it"), noted("    role: client", tests)]
        : [noted("  client:", tests), "    role: client"]),
      ...interfaceLines([address]),
      ...gatewayLine(routerFor(address, answers)),
    ]),
  ];
}

function serviceLines(answers: Answers): readonly string[] {
  const { mode, port, addresses } = answers;
  const local = addresses["local-address"].map(({ address }) => address);
  const isHidden = repliesThroughDirector(mode.traits) && addresses.director.length === 1;
  return [
    noted(`    mode: ${mode.name}`, `lvsctl explain ${mode.name} says how it works`),
    ...addresses.vip.map(({ address }) => noted(`    vip: ${address}`, "what clients use; no host may have it")),
    noted(`    port: ${port}`, "clients ask here, real servers listen here"),
    noted("    scheduler: rr", "in turn; wlc: the one with fewest connections"),
    ...(local.length === 0
      ? []
      : [noted(`    localAddresses: [${local.join(", ")}]`, "the director's, in place of the client's")]),
    ...(isHidden && mode.traits.rewrites?.source === "masquerade"
      ? [noted("    masquerade: true", "real servers see its address; replies come back")]
      : []),
    noted("    testPage: true", "lvsctl's web server; delete it if yours run one"),
  ];
}

/** Whether replies with the VIP as their source come to the firewall where it would not look for the VIP. */
function comesRoundabout(answers: Answers): boolean {
  const outer = outerSubnet(answers);
  const isElsewhere = (address: Cidr) => outer !== undefined && !contains(outer, wholeAddress(address));
  const isDirect = answers.mode.traits.answeredBy === "real-server";
  return isDirect && outer?.family === 4 && answers.addresses["real-server"].some(isElsewhere);
}

/** Where the real servers' replies have to pass the director, it is their gateway. */
function realServerGateway(address: Cidr, answers: Answers, isFirst: boolean): readonly string[] {
  const inner = answers.addresses.director.at(-1);
  const isBehind = repliesThroughDirector(answers.mode.traits) && answers.addresses.director.length > 1;
  if (!isBehind || inner === undefined || innerSubnet(answers) === undefined) {
    return gatewayLine(routerFor(address, answers));
  }
  return [noted(`    gateway: ${inner.address}`, isFirst ? "the director, so that replies come back to it" : "")];
}

/** The router in a host's subnet: the firewall, or one that is not in the file. */
function routerFor(address: Cidr | undefined, { addresses }: Answers): string | undefined {
  const routers = [...addresses.firewall, ...addresses.gateway];
  return address && routers.find((router) => contains(networkOf(address), wholeAddress(router)))?.address;
}

function gatewayLine(router: string | undefined): readonly string[] {
  return router === undefined ? [] : [`    gateway: ${router}`];
}

function interfaceLines(addresses: readonly Cidr[]): readonly string[] {
  const entries = addresses.map((address, index) => `eth${index}: ${formatCidr(address)}`);
  return entries.length === 1
    ? [`    interfaces: { ${entries.join()} }`]
    : ["    interfaces:", ...entries.map((entry) => `      ${entry}`)];
}

/** A line with a comment in a column beside it, or above it if there is no room. */
function noted(line: string, comment: string): string {
  if (comment === "") return line;
  const text = `${line.padEnd(COLUMN - 1)} # ${comment}`;
  return text.length <= WIDTH ? text : `${/^ */.exec(line)?.[0]}# ${comment}\n${line}`;
}

/** A comment of its own lines. */
function remark(text: string): readonly string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length < WIDTH) lines.splice(-1, 1, line);
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`);
}
