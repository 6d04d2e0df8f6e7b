/** Modes that a hint can suggest instead, found by their traits. */
import { andList } from "../errors/and-list.ts";
import { entryOf } from "../lvs/service-name.ts";
import type { Draft } from "./draft.ts";
import { type ModeSetting, type ModeTraits, modeSettings } from "./mode-traits.ts";
import type { Service } from "./topology.ts";

/** The names of the built-in modes with these traits, simplest first. */
export function modesWith(draft: Draft, has: (traits: ModeTraits) => boolean): readonly string[] {
  return [...draft.modes.builtIn()].filter(([, traits]) => has(traits)).map(([name]) => name);
}

/**
 * The end of a hint, `, or use the mode fullnat with `localAddresses``; empty if no mode has these traits. Besides the name it
 * says what the mode needs, so that no further problem follows, unless that is among the settings that are there.
 */
export function orUse(draft: Draft, has: (traits: ModeTraits) => boolean, there: readonly ModeSetting[] = []): string {
  const modes = usableModes(draft, has, there);
  return modes === "" ? "" : `, or use the mode ${modes}`;
}

/** The modes themselves: `nat with `masquerade: true` or fullnat with `localAddresses``. Real servers need no route for that. */
export function usableModes(
  draft: Draft,
  has: (traits: ModeTraits) => boolean,
  there: readonly ModeSetting[] = [],
): string {
  const named = [...draft.modes.builtIn()].flatMap(([name, traits]) => {
    if (!has(traits)) return [];
    const needed = modeSettings.filter((key) => !there.includes(key) && isNeeded(traits, key));
    const settings = needed.map((key) => (key === "masquerade" ? "`masquerade: true`" : `\`${key}\``));
    return [settings.length === 0 ? name : `${name} with ${andList(settings)}`];
  });
  return named.join(" or ");
}

/** Whether a mode does not work without a setting, or only with routes that lead replies through the director. */
function isNeeded({ settings, rewrites }: ModeTraits, key: ModeSetting): boolean {
  return settings?.[key] === "required" || (key === "masquerade" && rewrites?.source === "masquerade");
}

/** The end of a hint: such a mode for one real server, as the file would have it; empty if no mode has these traits. */
export function orForOne(draft: Draft, service: string, host: string, has: (traits: ModeTraits) => boolean): string {
  const [mode] = modesWith(draft, has);
  if (mode === undefined) return "";
  const { realServers } = draft.serviceFiles.get(service) ?? {};
  const entry = Array.isArray(realServers) ? `{ host: ${host}, mode: ${mode} }` : `${host}: { mode: ${mode} }`;
  const others = realServers === undefined ? ", with the others" : "";
  return `, or give this one the mode ${mode}: \`${entry}\` under the \`realServers\` of "${entryOf(service)}"${others}`;
}

/** Whether real servers see the client's address, unless a setting hides it. */
export function showsClient({ rewrites }: ModeTraits): boolean {
  return rewrites?.source !== "always";
}

/** The begin of a hint: what makes the director replace the client's address with one of its own: a setting of this mode, or another mode. */
export function hideClients(draft: Draft, service: Service): string {
  const setting = draft.modeOf(service).traits.rewrites?.source;
  if (setting === "masquerade") return "Set `masquerade: true`";
  if (setting !== undefined) return `Add \`${setting}\``;
  return `Use the mode ${modesWith(draft, ({ rewrites }) => rewrites?.source === "always").join(" or ")}`;
}
