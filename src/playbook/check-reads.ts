/** Compares a mode's traits with the fields of services and real servers that its playbook reads. */
import type { Path } from "../document/parse-document.ts";
import type { Position } from "../errors/lvsctl-error.ts";
import type { ResourceKind } from "../resources/resource.ts";
import type { ModeSetting, ModeTraits } from "../topology/mode-traits.ts";
import type { Playbook as PlaybookFile } from "./generated/playbook-file.ts";
import type { LocatedRead } from "./template.ts";
import { modelTypes } from "./topology-model.ts";

/** The settings that traits can name. */
const modeSettings = Object.keys(modelTypes.get("ModeSettings") ?? {}) as readonly ModeSetting[];

/** A trait that what the playbook reads contradicts, at a position, or at the key of a path. */
export interface ReadContradiction {
  readonly at: Position | Path;
  readonly message: string;
  readonly hint: string;
}

/** What the playbook is compared by. */
export interface Compared {
  readonly file: PlaybookFile;
  readonly reads: readonly LocatedRead[];
  readonly kinds: ReadonlyMap<string, ResourceKind>;
  /** Whether a feature acts on this setting of a service. */
  readonly usedByFeatures: (setting: ModeSetting) => boolean;
}

/** The contradictions of `settings` and `mapsPorts`. */
export function againstReads(traits: ModeTraits, compared: Compared): readonly ReadContradiction[] {
  const { settings, mapsPorts } = traits;
  return [
    ...(settings === undefined ? [] : [...unlisted(settings, compared), ...unused(settings, compared)]),
    ...(mapsPorts === true ? unmapped(compared) : []),
    ...(mapsPorts === false ? mapped(compared) : []),
  ];
}

/** The settings that services may read in some way: by `service`, or by any value that may be a service. */
export function settingsRead(reads: readonly LocatedRead[]): ReadonlySet<ModeSetting> {
  const fields = reads.filter(({ owner }) => owner === "Service" || owner === "dyn").map(({ field }) => field);
  return new Set(modeSettings.filter((setting) => fields.includes(setting) || fields.includes(undefined)));
}

type Settings = NonNullable<ModeTraits["settings"]>;

/** Settings of the service that the playbook reads, although the traits say that they mean nothing. */
function unlisted(settings: Settings, { reads }: Compared): readonly ReadContradiction[] {
  return modeSettings.flatMap((setting) => {
    const read = reads.find(({ variable, field }) => variable === "service" && field === setting);
    if (read === undefined || settings[setting] !== undefined) return [];
    const message = `The playbook uses \`service.${setting}\`, and \`settings\` does not name it, so no service may have it.`;
    const hint = `Add \`${setting}: optional\` to \`settings\`, or \`required\` if the mode does not work without it.`;
    return [{ at: read.position(), message, hint }];
  });
}

/** Settings that the traits name, and that nothing reads. */
function unused(settings: Settings, { reads, usedByFeatures }: Compared): readonly ReadContradiction[] {
  const read = settingsRead(reads);
  return modeSettings
    .filter((setting) => settings[setting] !== undefined && !read.has(setting) && !usedByFeatures(setting))
    .map((setting) => ({
      at: ["traits", "settings", setting],
      message: `The mode is said to use \`${setting}\`, and no part of the playbook reads \`service.${setting}\`; no feature does so either.`,
      hint: `Remove \`${setting}\` here, or use it in a step.`,
    }));
}

/** A mode that is said to map ports, and does not. */
function unmapped({ file, reads, kinds }: Compared): readonly ReadContradiction[] {
  const at = ["traits", "mapsPorts"];
  const matters = ({ path: [part, index, ...rest] }: LocatedRead) => {
    const step = part === "steps" ? file.steps[Number(index)] : undefined;
    if (step === undefined) return false;
    const rewritten = kinds.get(step.resource)?.rewrites?.(step.with);
    return rewritten === undefined || rewritten.includes("destination") || rest.join(".") !== "with.port";
  };
  if (!reads.some((read) => mayBePort(read) && matters(read))) {
    const message =
      "Real servers are said to have ports of their own, and no step uses them: IPVS ignores the port of a real server unless it replaces the destination of requests.";
    return [{ at, message, hint: "Set `mapsPorts: false`, or use the `port` of a real server in a step." }];
  }
  const { path } = file;
  const shown = path?.some(({ direction, packet = {} }) => direction === "request" && "destinationPort" in packet);
  if (shown !== false) return [];
  const message =
    "Real servers are said to have ports of their own, and `path` has no point where requests get another port.";
  const hint = "Add `destinationPort: ${{ rs.port }}` to the point where that happens, or set `mapsPorts: false`.";
  return [{ at, message, hint }];
}

/** Unconditional steps and points that map ports, although the traits say that the mode does not. */
function mapped({ file, reads, kinds }: Compared): readonly ReadContradiction[] {
  return reads
    .filter((read) => read.owner === "RealServer" && read.field === "port" && read.isWhole)
    .flatMap((read): readonly ReadContradiction[] => {
      const [part, index, ...rest] = read.path;
      const place = `${part}.${rest.join(".")}`;
      const step = file.steps[Number(index)];
      if (place === "steps.with.port" && step?.when === undefined) {
        if (
          !kinds
            .get(step?.resource ?? "")
            ?.rewrites?.(step?.with ?? {})
            ?.includes("destination")
        )
          return [];
        const message =
          "With this step requests go to the real server's own port, and the traits say that they keep the service's (`mapsPorts: false`).";
        const hint = "Set `mapsPorts: true`, or write `${{ service.?port }}` here.";
        return [{ at: read.position(), message, hint }];
      }
      const point = file.path?.[Number(index)];
      if (place !== "path.packet.destinationPort" || point?.when !== undefined || point?.direction !== "request") {
        return [];
      }
      const message =
        "Here requests get the real server's own port, and the traits say that they keep the service's (`mapsPorts: false`).";
      return [{ at: read.position(), message, hint: "Set `mapsPorts: true`, or remove `destinationPort`." }];
    });
}

/** Whether this may be the port of a real server. */
function mayBePort({ owner, field }: LocatedRead): boolean {
  return (owner === "RealServer" || owner === "dyn") && (field === "port" || field === undefined);
}
