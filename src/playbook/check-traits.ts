/** Checks a mode's traits for contradictions with each other and with the playbook's path and steps. */
import type { Path } from "../document/parse-document.ts";
import { LvsctlError, type Position } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { ModeTraits, RewrittenPart } from "../topology/mode-traits.ts";
import { againstReads, type Compared } from "./check-reads.ts";
import type { Playbook as PlaybookFile, PathPoint as PointFile, Step as StepFile } from "./generated/playbook-file.ts";
import type { Findings } from "./template.ts";

/** A contradiction and its location. */
interface Contradiction {
  readonly path: Path;
  readonly what?: "key";
  readonly message: string;
  readonly hint: string;
}

/** What the director does, in words. */
const DOES: Readonly<Record<RewrittenPart, string>> = {
  source: "replaces the source of requests",
  destination: "replaces the destination of requests",
  outer: "puts an outer header around requests",
};
const PARTS = Object.keys(DOES) as readonly RewrittenPart[];

/** LVS-PLAYBOOK-003 for each contradiction. `findings`: of the loaded playbook. */
export function checkTraits(
  file: PlaybookFile,
  { document, reads }: Findings,
  { kinds, usedByFeatures }: Pick<Compared, "kinds" | "usedByFeatures">,
): readonly LvsctlError[] {
  const { traits } = file;
  if (traits === undefined) return [];
  const isMode = file.kind === "mode";
  const found = isMode ? contradictions(file, traits, kinds) : [misplaced(file)];
  const inReads = isMode ? againstReads(traits, { file, reads, kinds, usedByFeatures }) : [];
  return [
    ...found.map(({ path, what, message, hint }) => contradiction(document.locate(path, what), message, hint)),
    ...inReads.map(({ at, message, hint }) =>
      contradiction("line" in at ? at : document.locate(at, "key"), message, hint),
    ),
  ];
}

function contradiction(at: Position, message: string, hint: string): LvsctlError {
  return new LvsctlError("LVS-PLAYBOOK-003", message, { hint, at });
}

function misplaced({ kind }: PlaybookFile): Contradiction {
  const message = `Only a mode has traits; this is a playbook of kind ${kind}.`;
  return { path: ["traits"], what: "key", message, hint: "Remove `traits`, or make it `kind: mode`." };
}

function contradictions(
  { path, steps }: PlaybookFile,
  traits: ModeTraits,
  kinds: ReadonlyMap<string, ResourceKind>,
): readonly Contradiction[] {
  return [
    ...amongThemselves(traits),
    ...(path ?? []).flatMap((point, index) => withPoint(traits, point, ["path", index])),
    ...(path === undefined ? [] : missingInPath(traits, path)),
    ...steps.flatMap((step, index) => withStep(traits, step, ["steps", index], kinds.get(step.resource))),
  ];
}

function amongThemselves({
  answeredBy,
  rewrites,
  reach,
  mixedFamilies,
  settings,
}: ModeTraits): readonly Contradiction[] {
  const found: Contradiction[] = [];
  for (const part of PARTS) {
    const when = rewrites?.[part];
    const path = ["traits", "rewrites", part];
    if (when === undefined) continue;
    if (part !== "outer" && answeredBy === "real-server") {
      const message = `The director ${DOES[part]}, so only the director can turn the replies into what clients expect; but real servers answer past it (\`answeredBy: real-server\`).`;
      found.push({ path, what: "key", message, hint: `Set \`answeredBy: director\`, or remove \`${part}\`.` });
    }
    if (when !== "always" && settings !== undefined && settings[when] === undefined) {
      const message = `Only the setting \`${when}\` switches this on, and \`settings\` does not name it, so no service may have it.`;
      found.push({ path, message, hint: `Add \`${when}: optional\` to \`settings\`.` });
    }
  }
  if (reach === "routed" && rewrites !== undefined && !rewrites.destination && !rewrites.outer) {
    const message =
      "Requests leave the director with the VIP as their destination and no outer header, so a router would send them back to the director.";
    const hint = "Set `reach: segment`, or say under `rewrites` what leads them to the real servers.";
    found.push({ path: ["traits", "reach"], message, hint });
  }
  if (mixedFamilies === true && rewrites !== undefined && !rewrites.outer) {
    const message =
      "Requests get no header of the other family, and in their own one they cannot go to such an address.";
    const hint = "Add `outer: always` to `rewrites`, or set `mixedFamilies: false`.";
    found.push({ path: ["traits", "mixedFamilies"], message, hint });
  }
  if (settings?.tunnel !== undefined && rewrites !== undefined && !rewrites.outer) {
    const message = "The mode uses `tunnel`, and requests get no outer header.";
    const hint = "Add `outer: always` to `rewrites`, or remove `tunnel`.";
    found.push({ path: ["traits", "settings", "tunnel"], what: "key", message, hint });
  }
  return found;
}

/** A point of the path where the director does something that the traits rule out. */
function withPoint({ answeredBy, rewrites }: ModeTraits, point: PointFile, at: Path): readonly Contradiction[] {
  if (point.on !== "director") return [];
  if (point.direction === "reply") {
    if (answeredBy !== "real-server") return [];
    const message = "Replies pass the director here, and the traits say that real servers answer past it.";
    return [{ path: [...at, "on"], message, hint: "Set `answeredBy: director`, or remove this point." }];
  }
  return changedIn(point).flatMap((part): readonly Contradiction[] => {
    if (rewrites === undefined || rewrites[part] === "always") return [];
    if (rewrites[part] !== undefined && point.when !== undefined) return [];
    const stated = rewrites[part] === undefined ? "never does" : `does so only with \`${rewrites[part]}\``;
    const message = `Here the director ${DOES[part]}, and the traits say that it ${stated}.`;
    const hint = `Add \`${part}: always\` to \`rewrites\`, or correct this point of the path.`;
    return [{ path: [...at, "packet", part], what: "key", message, hint }];
  });
}

/** Parts that the director changes according to the traits, but at no point of the path. */
function missingInPath({ rewrites }: ModeTraits, points: readonly PointFile[]): readonly Contradiction[] {
  const shown = points
    .filter(({ on, direction }) => on === "director" && direction === "request")
    .flatMap((point) => changedIn(point));
  return PARTS.filter((part) => rewrites?.[part] !== undefined && !shown.includes(part)).map((part) => ({
    path: ["traits", "rewrites", part],
    what: "key",
    message: `The traits say that the director ${DOES[part]}, and \`path\` has no point where it does.`,
    hint: `Add the point, \`on: director\` with \`${part}\` under \`packet\`, or remove \`${part}\` here.`,
  }));
}

function changedIn({ packet = {} }: PointFile): readonly RewrittenPart[] {
  return PARTS.filter((part) => Object.hasOwn(packet, part));
}

/** An unconditional step that forwards packets in another way than the traits say. */
function withStep(
  { answeredBy, rewrites }: ModeTraits,
  step: StepFile,
  at: Path,
  kind: ResourceKind | undefined,
): readonly Contradiction[] {
  const changed = step.when === undefined ? kind?.rewrites?.(step.with) : undefined;
  if (changed === undefined) return [];
  const found = (["destination", "outer"] as const).flatMap((part): readonly Contradiction[] => {
    const changes = changed.includes(part);
    if (rewrites === undefined || (rewrites[part] === "always") === changes) return [];
    const message = changes
      ? `With this step the director ${DOES[part]}, and the traits do not say that it always does.`
      : `The traits say that the director ${DOES[part]}, and with this step it does not.`;
    const hint = changes
      ? `Set \`${part}: always\` under \`rewrites\`, or correct the step.`
      : `Remove \`${part}\` from \`rewrites\`, or correct the step.`;
    return [{ path: [...at, "resource"], message, hint }];
  });
  if (found.length > 0 || answeredBy !== "real-server" || !changed.includes("destination")) return found;
  const message =
    "With this step the director replaces the destination of requests, so only the director can turn the replies into what clients expect; but real servers answer past it (`answeredBy: real-server`).";
  return [{ path: [...at, "resource"], message, hint: "Set `answeredBy: director`, or correct the step." }];
}
