/** Our own program that answers over UDP or SCTP. It needs Python 3. */
import { bringingPython } from "./server/package-managers.ts";
import { choosePython, pythonLaunch } from "./server/programs.ts";
import { type ServerState, serverKind } from "./server/server-kind.ts";

/** A program that answers every datagram or SCTP message with one line. */
export interface ResponderState extends ServerState {
  readonly protocol: "udp" | "sctp";
  /** One line, without the line break. */
  readonly answer: string;
}

/** Servers that answer over UDP or SCTP, for labs and tests. */
export const responder = serverKind<ResponderState>({
  kind: "responder",
  schema: {
    type: "object",
    required: ["protocol", "port", "answer"],
    additionalProperties: false,
    properties: {
      protocol: { enum: ["udp", "sctp"], description: "By what it is asked; for TCP there is the web server." },
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "The port, on all addresses of the host, IPv4 and IPv6.",
      },
      answer: {
        type: "string",
        pattern: "^[ -~]{1,200}$",
        description: "The line that answers each datagram, or each association.",
      },
    },
  },
  resolve: ({ protocol, port, answer }) => [
    { protocol: protocol === "sctp" ? "sctp" : "udp", port: Number(port), answer: String(answer), running: true },
  ],
  key: ({ protocol, port }) => `${protocol} ${port}`,
  fields: { port: true, running: true, protocol: true, answer: true },
  describe: ({ protocol, port, answer }) => `responder on ${protocol} port ${port}: ${JSON.stringify(answer)}`,

  protocol: ({ protocol }) => protocol,
  served: "answer",
  readServed: (files) => ["grep", "-H", "-s", "", ...files],
  parseServed: (text) =>
    new Map(text.split("\n").map((line) => [line.split(":", 1)[0] ?? "", line.replace(/^.*?:/, "")])),
  alsoRead: [],
  choose: choosePython,
  bringing: bringingPython,
  launch({ path }, folder, { protocol, port, answer }) {
    const { files, run } = pythonLaunch(path, folder, protocol, port, answer);
    return { files: { ...files, answer: `${answer}\n` }, run };
  },

  portTaken: ({ protocol, port }) => ({
    message: `The ${protocol.toUpperCase()} port ${port} is taken by a program that lvsctl did not start.`,
    hint: "Stop it, or remove testPage from the service and let the program answer.",
  }),
  nothingToServeWith: {
    message: "There is no Python 3, and no package manager that lvsctl knows.",
    hint: "Install Python 3 by hand, or remove testPage from the service.",
  },
});
