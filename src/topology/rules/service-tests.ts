/** How services are tested: `verify` has to fit the service that it is for. */
import type { Path } from "../../document/parse-document.ts";
import type { LvsctlError } from "../../errors/lvsctl-error.ts";
import { hasPort } from "../../lvs/port-range.ts";
import { chooseTest, settingsOf, type TestSetting, type TestType, testTypes } from "../../lvs/test-types.ts";
import { parseCidr } from "../../net/address.ts";
import type { Draft } from "../draft.ts";
import type { Service } from "../generated/topology-file.ts";
import { testFrom, testKeys } from "../service-test.ts";
import type { Protocol, ServiceTest } from "../topology.ts";

/** LVS-CONFIG-066 for a `verify` that contradicts its service or itself. */
export function* serviceTests(draft: Draft): Iterable<LvsctlError> {
  for (const [name, file] of draft.serviceFiles) {
    if (file.verify === undefined) continue;
    const path = ["services", name, "verify"];
    const typePath = typeof file.verify === "string" ? path : [...path, "type"];
    for (const { at, what, message, hint } of mistakes(file, testFrom(file.verify), path, typePath)) {
      yield draft.problem("LVS-CONFIG-066", at, { message, hint }, what);
    }
  }
}

interface Mistake {
  readonly at: Path;
  readonly what?: "key";
  readonly message: string;
  readonly hint: string;
}

function* mistakes(file: Service, test: ServiceTest, path: Path, typePath: Path): Iterable<Mistake> {
  const { tls, port } = test;
  const protocols = protocolsOf(file);
  const settings = settingsOf(test);
  const type = test.type ?? suggested(file, test, protocols);
  const { protocols: possible, settings: useful } = testTypes[type];
  // An engine that reads UDP alone: LVS-CONFIG-075 asks for that first.
  if (file.persistence?.engine !== undefined && !protocols.includes("udp")) return;
  if (!protocols.some((protocol) => possible.includes(protocol))) {
    const message = `A test by ${type} goes over ${listed(possible)}, and the service is for ${listed(protocols)}.`;
    yield { at: typePath, message, hint: adviseType(fitting(file, protocols), settings) };
    return;
  }
  if (file.testPage === true && type !== "none" && test.type !== undefined && !answersPage(type)) {
    const message = `The service has a test page, which does not answer by ${type}.`;
    yield { at: typePath, message, hint: "Delete `type`, or delete `testPage` to test the service's own program." };
  }
  for (const setting of settings) {
    const key = testKeys[setting];
    if (setting === "path" && test.path === "/") continue; // The default says nothing.
    if (file.testPage === true) {
      const message = `\`${key}\` is for a program of your own, and with \`testPage\` lvsctl's page answers; verify expects the name on it.`;
      yield { at: [...path, key], what: "key", message, hint: `Delete \`${key}\` or \`testPage\`.` };
    } else if (!useful.includes(setting)) {
      const message = `A test by ${type} does not use ${setting === "status" ? "a status" : `\`${key}\``}.`;
      const others = fitting(file, protocols).filter((one) => testTypes[one].settings.includes(setting));
      const ways = [
        ...(setting === "status" && useful.includes("text") ? [`write "${test.status}" in quotes for a text`] : []),
        ...(others.length === 0 ? [] : [`set \`type: ${others.join("` or `type: ")}\``]),
      ];
      const hint = `${["Delete it", ...ways].join(", or ")}.`;
      yield { at: [...path, key], what: "key", message, hint };
    }
  }
  if (type === "dns" && file.testPage !== true) yield* dnsMistakes(test, path);
  if (tls?.verify === false && tls.ca !== undefined) {
    const message = "`ca` says whom to trust, and `verify: false` accepts every certificate.";
    yield { at: [...path, "tls", "ca"], what: "key", message, hint: "Delete one of them." };
  }
  if (port !== undefined && type !== "none" && !isItsPort(file, port)) {
    const message = `Port ${port} is none of the service's: ${portsOf(file).join(", ")}.`;
    yield { at: [...path, "port"], message, hint: "Name one of its ports, or delete `port`." };
  }
}

function* dnsMistakes({ host, text }: ServiceTest, path: Path): Iterable<Mistake> {
  if (text === undefined) return;
  if (host === undefined) {
    const message = "`expect` is an address that a name has, and there is no name.";
    yield { at: [...path, "expect"], what: "key", message, hint: "Add `host` with the name to ask for." };
  } else if (parseCidr(text)?.address === undefined || text.includes("/")) {
    const message = `A name server answers with addresses, and "${text}" is none.`;
    yield { at: [...path, "expect"], message, hint: "Write an address of `host`, or delete `expect`." };
  }
}

/** The type of test without `type`, as it will be for the first of the service's protocols. */
function suggested(file: Service, test: ServiceTest, [protocol = "tcp"]: readonly Protocol[]): TestType {
  if (file.persistence?.engine !== undefined && protocol === "udp") return file.persistence.engine;
  const ports = test.port === undefined ? portsOf(file).map(Number.parseFloat) : [test.port];
  return chooseTest({ protocol, ports, testPage: file.testPage ?? false, settings: settingsOf(test) });
}

function protocolsOf({ match, protocol }: Service): readonly Protocol[] {
  return match === undefined ? [protocol ?? "tcp"] : [...new Set(match.map((entry) => entry.protocol ?? "tcp"))];
}

/** The types for these protocols that the service's test page answers, and that its persistence engine lets through. */
function fitting({ testPage, persistence }: Service, protocols: readonly Protocol[]): readonly TestType[] {
  const all = Object.keys(testTypes) as readonly TestType[];
  return all
    .filter((type) => testTypes[type].protocols.some((protocol) => protocols.includes(protocol)))
    .filter((type) => type === "none" || testPage !== true || answersPage(type))
    .filter((type) => type === "none" || persistence?.engine === undefined || type === persistence.engine);
}

/** Types that use all of the settings, as far as one of them does; what none of them uses has to go. */
function adviseType(types: readonly TestType[], settings: readonly TestSetting[]): string {
  const uses = (type: TestType, setting: TestSetting) => testTypes[type].settings.includes(setting);
  const kept = settings.filter((setting) => types.some((type) => uses(type, setting)));
  const whole = types.filter((type) => kept.every((setting) => uses(type, setting)));
  const gone = (whole.length === 0 ? settings : settings.filter((one) => !kept.includes(one))).map(
    (one) => testKeys[one],
  );
  const also = gone.length === 0 ? "" : ` And delete ${gone.map((key) => `\`${key}\``).join(", ")}.`;
  return `Write ${orList(whole.length === 0 ? types : whole)}, or leave it out.${also}`;
}

function answersPage(type: TestType): boolean {
  // A connection that says nothing is answered by anybody.
  return testTypes[type].isAnsweredByTestPage || type === "tcp";
}

function portsOf({ match, port, publish }: Service): readonly string[] {
  if (match !== undefined) return match.flatMap(({ ports = ["1-65535"] }) => ports.map(String));
  if (port === 0) return ["1-65535"];
  return [
    ...(publish?.port === undefined ? [] : [String(publish.port)]),
    ...(port === undefined ? [] : [String(port)]),
  ];
}

function isItsPort(file: Service, port: number): boolean {
  return portsOf(file).some((text) => hasPort(text, port));
}

function listed(protocols: readonly Protocol[]): string {
  return protocols.map((protocol) => protocol.toUpperCase()).join(" or ");
}

function orList(types: readonly TestType[]): string {
  return types.map((type) => `\`${type}\``).join(", ");
}
