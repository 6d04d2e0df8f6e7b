/** Loads a playbook's `path`: what happens to a packet along the way, host by host. */
import type { Path } from "../document/parse-document.ts";
import { LvsctlError } from "../errors/lvsctl-error.ts";
import { checkWritten, type Schema } from "./check-written.ts";
import type { Playbook as PlaybookFile, PathPoint as PointFile } from "./generated/playbook-file.ts";
import { compileHostNames } from "./host-names.ts";
import type { ScopeTypes } from "./inspect-expression.ts";
import type { PacketChange, PathPoint } from "./playbook.ts";
import { outerScope, variablesOf } from "./step-scope.ts";
import { compileBare, compileTemplate, type Findings, type TemplateContext } from "./template.ts";
import { toText } from "./text.ts";
import { writtenProblems } from "./written-problems.ts";

const address = { type: "string", minLength: 1, maxLength: 64 } as const;
const port = { type: "integer", minimum: 0, maximum: 65535 } as const;

const packet: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    source: { ...address, description: "The address that the packet leaves with as its source." },
    sourcePort: { ...port, description: "The source port that it leaves with." },
    destination: { ...address, description: "The address that it leaves for." },
    destinationPort: { ...port, description: "The port that it leaves for." },
    next: { ...address, description: "The neighbour's address to which the frame goes." },
    outer: {
      description: "A header around the packet, or none to take it off.",
      type: ["string", "object"],
      pattern: "^none$",
      required: ["source", "destination", "protocol"],
      additionalProperties: false,
      properties: {
        source: { ...address, description: "The source of the outer header." },
        destination: { ...address, description: "The destination of the outer header." },
        protocol: { type: "string", description: "What the tunnel is called: IP-in-IP." },
      },
    },
  },
};

/** The points of a path in the order of the file; their mistakes and reads go to `findings`. */
export function loadPath(file: PlaybookFile, findings: Findings): readonly PathPoint[] {
  const scope = pathScope(file);
  return (file.path ?? []).map((point, index) => loadPoint(point, ["path", index], { ...findings, scope }));
}

/** On a path, `director` and `rs` are the ones that the packet passes. */
function pathScope({ kind }: PlaybookFile): ScopeTypes {
  const own = [
    ["client", "Client"],
    ["director", "Director"],
    ["rs", "RealServer"],
  ] as const;
  return new Map([...outerScope(kind), ...(kind === "host" ? [] : own)]);
}

function loadPoint(point: PointFile, path: Path, context: TemplateContext): PathPoint {
  const condition = point.when === undefined ? undefined : compileBare(point.when, [...path, "when"], context, "bool");
  const at = [...path, "packet"];
  const template = compileTemplate(point.packet ?? {}, at, context);
  const check = (value: unknown) => writtenProblems(checkWritten(packet, value, at), context.document, "path");
  context.problems.push(...check(template.shape));
  return {
    direction: point.direction,
    on: loadHosts(point.on, [...path, "on"], context),
    why: toText(point.why),
    change(values) {
      const variables = variablesOf(context.scope, values);
      if (condition !== undefined && condition.result(variables) !== true) return undefined;
      const value = template.evaluate(variables);
      const [problem] = check(value);
      if (problem !== undefined) throw problem;
      return value as PacketChange;
    },
  };
}

function loadHosts(on: string, path: Path, context: TemplateContext): PathPoint["on"] {
  switch (on) {
    case "client":
      return ({ client }) => namesOf(client);
    case "director":
      return ({ director }) => namesOf(director);
    case "real-server":
      return ({ rs }) => namesOf(rs);
  }
  if (!on.includes("${{")) {
    context.problems.push(
      new LvsctlError("LVS-PLAYBOOK-002", `Packets pass no "${on}".`, {
        hint: "Write client, director, real-server, or an expression that gives names of hosts.",
        at: context.document.locate(path),
      }),
    );
  }
  return compileHostNames(on, path, context);
}

function namesOf(one: { readonly host: string } | undefined): readonly string[] {
  return one === undefined ? [] : [one.host];
}
