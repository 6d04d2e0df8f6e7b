/** Somebody else's playbook can make nothing that the plan does not show. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { HostState } from "../../src/plan/host-state.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import type { Output } from "../../src/report/output.ts";
import { planToJson } from "../../src/report/plan-json.ts";
import { formatPlan } from "../../src/report/plan-text.ts";
import { file } from "../../src/resources/file.ts";
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
  const planOf = (path: string, content: string, actual?: string, mode = "0644") => {
    const [state] = resolved(kinds.get("file") as ResourceKind, { path, content, mode });
    if (state === undefined) throw new Error(`no file at ${path}`);
    const resource = { kind: "file", key: path, state, stage: "director-network", why: "", services: [] } as const;
    const states = new Map(actual === undefined ? [] : [[path, { ...state, content: actual }]]);
    const observed = new Map([["file", { ...file.bare(), states }]]);
    const host = { host: "dr", observed } as unknown as HostState;
    return makePlan({ topology: "web-lab", hosts: new Map([["dr", [resource]]]) }, new Map([["dr", host]]), kinds);
  };
  const planned = (...given: Parameters<typeof planOf>) => formatPlan(planOf(...given), output, 0);

  const inFolder = (path: string, content: string, mode?: string) =>
    planned(`/var/lib/lvsctl/web-lab/${path}`, content, undefined, mode);

  it("is shown to its last line", () => {
    const padding = "\n".repeat(500);
    expect(planned("/etc/cron.d/x", `# harmless${padding}* * * * * root reboot\n`)).toMatch(
      /^dr\n {2}\+ file \/etc\/cron.d\/x mode 0644\n {6}\| # harmless\n( {6}\| \n){499} {6}\| \* \* \* \* \* root reboot\n/,
    );
  });

  it("is shown when it changes, and not when it stays", () => {
    const changed = planned("/etc/motd", "new\n", "old\n");
    expect(changed).toContain("~ file /etc/motd mode 0644  (content differs)\n      | new\n");
    expect(planned("/etc/motd", "old\n", "old\n")).not.toContain("|");
  });

  it("is in a plan as JSON even if it is only replaced, so nobody may take it for secret", () => {
    const [change] = planToJson(planOf("/etc/motd", "new\n", "old\n")).hosts["dr"] ?? [];
    expect(change).toMatchObject({ before: { content: "old\n" }, after: { content: "new\n" } });
  });

  it("is not shown for a test page, but for whatever else is in lvsctl's folders", () => {
    const page = "www-80/index.html";
    expect(inFolder(page, "real server rs1\n")).not.toContain("|");
    expect(inFolder(page, "real server rs1\n", "0755")).toContain("      | real server rs1\n");
    for (const [path, content] of [
      ["www-80/httpd.conf", "*.html:/bin/sh"],
      ["www-80/cgi-bin/a.html", "#!/bin/sh"],
      ["tool.html", "#!/bin/sh"],
      ["www-80/tool.html", "real server rs1"],
      ["www/index.html", "real server rs1"],
      [page, "#!/bin/sh"],
      [page, "real server rs1; reboot"],
      [page, "real server rs1\nreboot"],
    ] as const)
      expect(inFolder(path, `${content}\n`)).toContain(content.replaceAll(/^/gm, "      | "));
  });

  it("is shown without what would hide a part of it", () => {
    expect(planned("/etc/x", "#!/bin/sh\r\n\ufe0frm\u034f\u3164 -rf\n")).toContain(
      "      | #!/bin/sh\ufffd\n      | \ufffdrm\ufffd\ufffd -rf\n",
    );
  });

  it("goes on behind a sign of its own where a line is too long", () => {
    const blanks = " ".repeat(80);
    expect(planned("/etc/x", `#${blanks}rs9  no changes\n\t${"x".repeat(66)}\n`)).toContain(
      `      | #${blanks.slice(9)}\n      : ${blanks.slice(71)}rs9  no changes\n      | \t${"x".repeat(64)}\n      : xx\n`,
    );
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
