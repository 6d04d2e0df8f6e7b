/** How a service can be tested: what each type of test needs, and which one a service gets if the file names none. Pure. */
import type { Protocol } from "./ipvsadm.ts";

/** A type of test. */
export type TestType = "http" | "https" | "tcp" | "udp" | "sctp" | "dns" | "sip" | "none";

/** A setting under `verify` that only some types use. `expect` is a status if it is a number, and else a text. */
export type TestSetting = "path" | "host" | "status" | "text" | "tls";

/** What a type of test needs, and what it can be told. */
export interface TestTraits {
  /** The protocols that it can be sent over. */
  readonly protocols: readonly Protocol[];
  readonly settings: readonly TestSetting[];
  /** The ports that suggest it. */
  readonly ports: readonly number[];
  /** Whether lvsctl's own test page or responder answers it. */
  readonly isAnsweredByTestPage: boolean;
}

/** Every type; a port suggests the first whose list has it. Source of the ports: IANA, and what people use for web servers. */
export const testTypes: Readonly<Record<TestType, TestTraits>> = {
  http: {
    protocols: ["tcp"],
    settings: ["path", "host", "status", "text"],
    ports: [80, 591, 8000, 8008, 8080, 8081, 8088, 8888],
    isAnsweredByTestPage: true,
  },
  https: {
    protocols: ["tcp"],
    settings: ["path", "host", "status", "text", "tls"],
    ports: [443, 6443, 8443],
    isAnsweredByTestPage: false,
  },
  dns: { protocols: ["udp", "tcp"], settings: ["host", "text"], ports: [53], isAnsweredByTestPage: false },
  tcp: { protocols: ["tcp"], settings: ["text"], ports: [], isAnsweredByTestPage: false },
  udp: { protocols: ["udp"], settings: ["text"], ports: [], isAnsweredByTestPage: true },
  sctp: { protocols: ["sctp"], settings: ["text"], ports: [], isAnsweredByTestPage: true },
  // After udp, which the test page answers as well, and whose port says nothing.
  sip: { protocols: ["udp"], settings: ["status", "text"], ports: [5060], isAnsweredByTestPage: true },
  none: { protocols: ["tcp", "udp", "sctp"], settings: [], ports: [], isAnsweredByTestPage: false },
};

/** The settings of a test that only some types use. */
export function settingsOf(test: Readonly<Partial<Record<TestSetting, unknown>>>): readonly TestSetting[] {
  return (["path", "host", "status", "text", "tls"] as const).filter((setting) => test[setting] !== undefined);
}

/** What is known of a service when its test is chosen. */
export interface Tested {
  readonly protocol: Protocol;
  /** The port to be tested, then those of its real servers: the first one that suggests a type counts. */
  readonly ports: readonly number[];
  readonly testPage: boolean;
  /** The settings that its `verify` has. */
  readonly settings: readonly TestSetting[];
}

/**
 * The type of test for a service whose file names none: what its test page answers, what its ports suggest, what its settings
 * are for, and else a connection that says nothing, so that no program gets a request in a language that it does not speak.
 */
export function chooseTest({ protocol, ports, testPage, settings }: Tested): TestType {
  const plain = { tcp: "tcp", udp: "udp", sctp: "sctp" } as const;
  const possible = Object.entries(testTypes) as readonly (readonly [TestType, TestTraits])[];
  const fitting = possible.filter(([type, traits]) => type !== "none" && traits.protocols.includes(protocol));
  if (testPage) return fitting.find(([, traits]) => traits.isAnsweredByTestPage)?.[0] ?? plain[protocol];
  const useful = fitting.filter(([, traits]) => settings.every((setting) => traits.settings.includes(setting)));
  for (const port of ports) {
    const suggested = useful.find(([, traits]) => traits.ports.includes(port));
    if (suggested !== undefined) return suggested[0];
  }
  return useful.find(([type]) => type === plain[protocol])?.[0] ?? useful[0]?.[0] ?? plain[protocol];
}
