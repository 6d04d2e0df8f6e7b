/** Generates docs/modes.md from what the lab has shown. */
import type { LabCoverage, ShownService } from "./lab-coverage.ts";
import { options } from "./service-options.ts";

const HEAD = `# Modes and options, and what has been tried

Each cell names the lab engines on which a test has applied a topology with this mode and option, and a client has sent
requests to the service and got an answer to every one: \`native\` is the machine's own kernel, \`uml\` User-Mode Linux,
\`qemu\` the distribution's stock kernel. An empty cell means that no test has shown it in this way, not that it cannot
work; some combinations make no sense, and \`lvsctl validate\` says so.

Hosts that drop what they do not know: on all directors and real servers of the service, the INPUT and FORWARD chains have
the policy DROP, and of their own let in logins alone, and what IPv6 neighbours ask each other.

A long run of every test (\`npm run test:long\`) makes this page again, from the topologies that its tests applied; any other run
only adds to it. A test file counts when all its tests passed.
`;

/** The page. `modes`: all modes, in the order of the columns. */
export function formatModesPage(coverage: LabCoverage, modes: readonly string[]): string {
  const shown = Object.values(coverage).flat();
  const columns = [...modes, "own"];
  const titles = [...modes.map((mode) => `\`${mode}\``), "a playbook of your own"];
  const rows = options.map(({ label }) => [label, ...columns.map((mode) => enginesOf(shown, mode, label))]);
  const files = Object.entries(coverage)
    .map(([file, services]) => `| [\`${file}\`](../test/e2e/${file}) | ${summaryOf(services)} |`)
    .sort();
  return `${HEAD}
| option | ${titles.join(" | ")} |
|---|${columns.map(() => "---|").join("")}
${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}

| test file | modes, on engines |
|---|---|
${files.join("\n")}
`;
}

function enginesOf(shown: readonly ShownService[], mode: string, label: string): string {
  const engines = shown.filter((one) => one.mode === mode && one.options.includes(label)).map(({ engine }) => engine);
  return [...new Set(engines)].sort().join(", ");
}

function summaryOf(services: readonly ShownService[]): string {
  return [...new Set(services.map(({ mode, engine }) => `${mode} (${engine})`))].sort().join(", ");
}
