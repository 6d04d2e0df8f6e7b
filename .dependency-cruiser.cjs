// Enforces the direction of imports shown in CONTRIBUTING.md. Each rule's comment says what to do instead.
const layers = (names) => `^src/(${names.join("|")})/`;
const pureEngine = ["topology", "playbook", "compile", "plan"];
const middle = [...pureEngine, "transaction", "verify", "lab", "report"];

const pure = [
  ...["topology", "compile", "plan", "transaction", "verify", "network", "ledger", "resources"],
  ...["probes", "document", "lvs", "net", "shell", "errors"],
];
/** Modules of Node that read or change what is outside of the program. */
const WORLD = [
  ...["fs", "os", "http", "https", "http2", "tls", "dns", "dgram", "child_process", "process", "timers", "tty"],
  ...["worker_threads", "cluster", "readline", "module"],
];

const sibling = (name) => ({
  name: `${name}-knows-siblings-by-type`,
  comment: `src/${name} may know its siblings only by their types ("import type"); let src/app pass values between them.`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: { path: layers(middle.filter((other) => other !== name)), dependencyTypesNot: ["type-only"] },
});

const downwards = (name, allowed) => ({
  name: `${name}-imports-down-only`,
  comment: `src/${name} may import only ${allowed.join(", ")}; move what you need down, or pass it in as an argument.`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: { path: "^src/", pathNot: layers([name, ...allowed]) },
});

const onlyImporter = (module, folders) => ({
  name: `only-${folders.join("-or-")}-imports-${module.replace(/[^a-z0-9]/gi, "-")}`,
  comment: `${module} is wrapped in src/${folders.join(" and src/")}; import the wrapper instead.`,
  severity: "error",
  from: { path: "^src/", pathNot: layers(folders) },
  to: { path: `(^|/)node_modules/(@types/)?${module}(/|$)` },
});

const lower = [
  "network",
  "ledger",
  "resources",
  "transport",
  "probes",
  "document",
  "lvs",
  "net",
  "shell",
  "machine",
  "errors",
];
const belowApp = [...middle, ...lower];

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment:
        "Break the cycle, of types too: one of these files knows too much; move what both need to a file below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    downwards("cli", ["app", "report", "machine", "errors"]),
    downwards("app", belowApp),
    ...middle.map((name) => downwards(name, belowApp)),
    ...middle.map(sibling),
    downwards("network", ["topology", "net"]),
    sibling("network"),
    downwards("ledger", ["resources", "transport", "probes", "lvs", "net", "shell", "errors"]),
    downwards("resources", ["probes", "lvs", "net", "shell", "errors"]),
    downwards("transport", ["probes", "lvs", "net", "shell", "errors"]),
    downwards("probes", ["lvs", "net", "shell", "errors"]),
    downwards("document", ["errors"]),
    downwards("lvs", ["net", "shell", "errors"]),
    ...["net", "shell", "machine", "errors"].map((name) => downwards(name, [])),
    onlyImporter("yaml", ["document"]),
    onlyImporter("ajv", ["document"]),
    onlyImporter("@marcbachmann/cel-js", ["playbook"]),
    onlyImporter("ssh2", ["transport"]),
    onlyImporter("listr2", ["report"]),
    onlyImporter("commander", ["cli"]),
    {
      name: "only-transport-starts-processes",
      comment: "Run commands through src/transport (hosts, this machine).",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/transport/" },
      to: { path: "^(node:)?child_process$" },
    },
    {
      name: "engine-knows-no-shell",
      comment:
        "The engine asks hosts in its own words (run-host.ts); what turns them into scripts is in transaction/shell.",
      severity: "error",
      from: { path: "^src/transaction/[^/]+$" },
      to: { path: "^src/(transaction/shell|transport|shell)/" },
    },
    {
      name: "no-own-clock",
      comment:
        "Above src/transport, take a Machine for time and randomness; src/app passes this-machine. (Biome forbids the globals.)",
      severity: "error",
      from: { path: "^src/", pathNot: layers(["transport", "lab", "machine"]) },
      to: { path: "^(node:)?(timers|timers/promises|perf_hooks)$" },
    },
    {
      name: "only-app-has-this-machine",
      comment: "Take a Machine as an argument.",
      severity: "error",
      from: { path: "^src/", pathNot: layers(["app", "cli", "machine"]) },
      to: { path: "^src/machine/this-machine" },
    },
    {
      name: "pure-folders-touch-nothing",
      comment: "These folders are pure: take what you need as an argument.",
      severity: "error",
      from: { path: layers(pure) },
      to: { path: `^(node:)?(${WORLD.join("|")})(/promises)?$` },
    },
    {
      name: "only-transport-opens-sockets",
      comment: "Talk to hosts through src/transport. src/net asks node:net what an address is.",
      severity: "error",
      from: { path: "^src/", pathNot: layers(["transport", "net"]) },
      to: { path: "^(node:)?net$" },
    },
    {
      name: "src-knows-no-tests",
      comment: "Move the helper to src or keep it in test.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^test/" },
    },
    {
      name: "no-dev-dependencies-in-src",
      comment: "Make it a dependency, or do without.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
