import { exitCode } from "../../errors/exit-code.ts";
import { defineCommand } from "../command.ts";
import { anyText, optionalArgument, type Parameter, value, valueOr } from "../parameter.ts";

/** `lvsctl init [MODE]`: a first topology file. */
export const init = defineCommand({
  name: "init",
  duration: "never",
  doing: () => "reading the modes",
  summary: "write a first topology file: asks on a terminal, and takes flags elsewhere; needs no host",
  parameters: {
    mode: {
      ...optionalArgument("[mode]", "how the director passes requests on; lvsctl explain MODE says more"),
      suggest: async () => (await import("../../app/playbook-names.ts")).modeNames(),
    },
    output: valueOr("-o, --output <file>", "the new file; - for stdout", anyText, "topology.yaml"),
    director: addresses(
      "--director <address>",
      "the director's, such as 10.0.0.2/24; a second one towards the real servers",
    ),
    "real-server": addresses("--real-server <address>", "a real server's, such as 10.0.0.11/24; repeat it for each"),
    vip: addresses("--vip <address>", "the virtual address, without a prefix length"),
    port: value("--port <port>", "the service's port; default: 80", anyText),
    client: addresses("--client <address>", "a client, which sends test requests"),
    firewall: addresses("--firewall <address>", "a router's; repeat it for each subnet that it connects"),
    gateway: addresses("--gateway <address>", "the router in the director's subnet, if it is not to be in the file"),
    "local-address": addresses(
      "--local-address <address>",
      "an address that replaces the clients', in modes that need one",
    ),
  },
  details: [
    "On a terminal it asks for the mode, unless one is given, and for the addresses, and checks each as it is typed; Enter takes the one in brackets. With an address or a port as a flag, or without a terminal, it asks nothing.",
    "With flags, but none of --client, --firewall and --gateway, it adds a client in the director's subnet, which a comment marks as an example.",
    "Without flags and without a terminal, it writes a network to try out, with addresses for private use and for documentation.",
    "What it writes is valid and has a comment for each part; with a client in it, it works in the lab. No file is ever overwritten.",
  ],
  examples: [
    ["lvsctl init", "asks for everything"],
    ["lvsctl init dr --output shop.yaml"],
    [
      "lvsctl init dr --director 10.0.0.2/24 --real-server 10.0.0.11/24 --real-server 10.0.0.12/24 --vip 10.0.0.100 --client 10.0.0.50/24",
    ],
    ["lvsctl init nat --output - | less", "only show it"],
  ],
  async run({ values: { mode, output: file, port, ...flags }, stdout, stderr, canAsk }) {
    const show = stderr.showActivity;
    const { initTopology, makeTopology } = await import("../../app/init.ts");
    const { askLine } = await import("../../report/prompt.ts");
    const { formatModes, formatQuestion, formatRefusal, formatStarted } = await import("../../report/started.ts");
    const all = Object.entries<readonly string[]>({ ...flags, port: port === undefined ? [] : [port] });
    const given = new Map(all.filter(([, texts]) => texts.length > 0));
    const dialogue = {
      ask: (question: string, fallback: string) => {
        show(undefined);
        return askLine(formatQuestion(question, fallback));
      },
      showModes: (modes: Parameters<typeof formatModes>[0]) => {
        show(undefined);
        stderr.write(formatModes(modes, stderr));
      },
      showRefusal: (refusal: Parameters<typeof formatRefusal>[0]) => stderr.write(formatRefusal(refusal, stderr)),
    };
    const options = { mode, given, onAnswers: () => show(`checking ${file}`), ...(canAsk ? { dialogue } : {}) };
    const text =
      file === "-"
        ? await makeTopology("stdout", options)
        : formatStarted(file, (await initTopology(file, options)).explanation, stdout);
    show(undefined);
    stdout.write(text);
    return exitCode.ok;
  },
});

function addresses(spelling: string, summary: string): Parameter<readonly string[]> {
  return { spelling, summary, read: (given) => given };
}
