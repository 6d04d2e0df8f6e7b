/** Somebody else's playbook can make nothing that the plan does not show. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Output } from "../../src/report/output.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { kinds } from "../../src/resources/kinds.ts";
import type { ResourceKind, State } from "../../src/resources/resource.ts";

const context = { topology: "web-lab", host: "dr" };
const output = { width: 80, paint: (_style: string, text: string) => text } as Output;

describe.each([...kinds])("every text that a playbook writes for a %s", (name, kind) => {
  it("is in the plan, whatever the verbosity", () => {
    for (const written of writtenCases(name)) {
      for (const state of resolved(kind, written)) {
        const shown = `${kind.describe(state)}\n${kind.text?.(state) ?? ""}`;
        const texts = textsIn(state).filter((text) => textsIn(written).includes(text) && !choices(kind).includes(text));
        for (const text of texts.filter((one) => one !== state["content"] || kind.text?.(state) !== undefined)) {
          const forms = [text, JSON.stringify(text).slice(1, -1)];
          expect(forms.some((form) => shown.includes(form)) || `${text} is not in ${shown}`).toBe(true);
        }
      }
    }
  });
});

describe("a file's text", () => {
  const planned = (path: string, content: string, actual?: string, mode = "0644") => {
    const [state] = resolved(kinds.get("file") as ResourceKind, { path, content, mode });
    if (state === undefined) throw new Error(`no file at ${path}`);
    const resource = { kind: "file", key: path, state, stage: "director-network", why: "", services: [] } as const;
    const states = new Map(actual === undefined ? [] : [[path, { ...state, content: actual }]]);
    const observed = new Map([["file", { states, detail: new Map() }]]);
    const host = { host: "dr", observed } as unknown as HostState;
    const plan = makePlan(
      { topology: "web-lab", hosts: new Map([["dr", [resource]]]) },
      new Map([["dr", host]]),
      kinds,
    );
    return formatPlan(plan, output, 0);
  };

  it("is shown to its last line", () => {
    const padding = "\n".repeat(500);
    expect(planned("/etc/cron.d/x", `# harmless${padding}* * * * * root reboot\n`)).toMatch(
      /^dr\n {2}\+ file \/etc\/cron.d\/x mode 0644 {2}\(missing\)\n {6}\| # harmless\n( {6}\| \n){499} {6}\| \* \* \* \* \* root reboot\n/,
    );
  });

  it("is shown when it changes, and not when it stays", () => {
    const changed = planned("/etc/motd", "new\n", "old\n");
    expect(changed).toContain("~ file /etc/motd mode 0644  (content differs)\n      | new\n");
    expect(planned("/etc/motd", "old\n", "old\n")).not.toContain("|");
  });

  it("is not shown for a test page, but for what a web server could run", () => {
    const folder = "/var/lib/lvsctl/web-lab/www-80";
    expect(planned(`${folder}/index.html`, "real server rs1\n")).not.toContain("|");
    expect(planned(`${folder}/httpd.conf`, "*.html:/bin/sh\n")).toContain("      | *.html:/bin/sh\n");
    expect(planned(`${folder}/cgi-bin/a.html`, "#!/bin/sh\n", undefined, "0755")).toContain("      | #!/bin/sh\n");
  });
});

function writtenCases(name: string): readonly State[] {
  const folder = new URL(`../fixtures/resources/${name}/`, import.meta.url);
  return readdirSync(folder).flatMap(
    (file) => (parse(readFileSync(new URL(file, folder), "utf8")) as { written: readonly State[] }).written,
  );
}

/** None where it is refused. */
function resolved(kind: ResourceKind, written: State): readonly State[] {
  try {
    return kind.resolve(written, context);
  } catch {
    return [];
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The texts among which the kind's schema lets a playbook choose. */
function choices({ schema }: ResourceKind): readonly string[] {
  const within = (value: unknown): readonly string[] => {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, one]) => (name === "enum" ? textsIn(one) : within(one)));
  };
  return within(schema);
}
