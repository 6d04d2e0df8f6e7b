/** Labs, for people and for machines. */
export interface ShownLab {
  readonly name: string;
  readonly engine: string;
  readonly hosts: readonly string[];
  readonly state: "running" | "dead";
  readonly pid?: number | undefined;
  readonly uptimeSeconds?: number | undefined;
}

export function formatLabs(labs: readonly ShownLab[], format: string): string {
  if (format === "json") return `${JSON.stringify({ format: "lvsctl.labs/1", labs }, undefined, 2)}\n`;
  if (labs.length === 0) return "No lab is up.\n";
  return labs.map((lab) => `${lab.name}  ${lab.engine}  ${stateOf(lab)}  ${lab.hosts.join(" ")}\n`).join("");
}

/** What to do next with a lab that has come up. */
export function formatLabUp({ name, hosts }: { name: string; hosts: readonly string[] }, file: string): string {
  return [
    `Lab ${name} is up: ${hosts.join(", ")}.`,
    `  lvsctl apply --lab ${file}`,
    `  lvsctl lab ssh ${file} ${hosts[0] ?? "HOST"}`,
    `  lvsctl lab down ${file}`,
    "",
  ].join("\n");
}

function stateOf({ state, uptimeSeconds }: ShownLab): string {
  if (state === "dead") return "dead (run lab down)";
  return uptimeSeconds === undefined ? "running" : `running for ${Math.round(uptimeSeconds)} s`;
}
