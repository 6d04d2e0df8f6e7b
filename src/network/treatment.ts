/** What happens to a service's packets, from its mode's traits and its own settings. Pure. */
import type { ModeSetting, ModeTraits, RewrittenPart } from "../topology/mode-traits.ts";
import type { Service } from "../topology/topology.ts";

/** What happens to one service's packets. */
export interface Treatment {
  /** Who answers clients; undefined where the mode does not say, or where nobody does. */
  readonly answeredBy?: ModeTraits["answeredBy"];
  /** Whether the director changes this part of requests; undefined where the mode does not say. */
  rewrites(part: RewrittenPart): boolean | undefined;
}

/** What happens to the packets of a resolved service whose mode has these traits. */
export function treatmentOf(service: Service, traits: ModeTraits): Treatment {
  const isOn = (setting: ModeSetting) => {
    const value = service[setting];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  };
  return treatment(traits, isOn, service.onePacket && service.verify.type === "none");
}

/**
 * What these traits mean for a service; `isOn`: whether it has a setting turned on. `isOneWay`: whether it schedules single
 * packets and is never asked for an answer, as with syslog: where replies had to be translated, there are then none.
 */
export function treatment(
  { answeredBy, rewrites }: ModeTraits,
  isOn: (setting: ModeSetting) => boolean,
  isOneWay: boolean,
): Treatment {
  const doesRewrite = (part: RewrittenPart) => {
    if (rewrites === undefined) return undefined;
    const when = rewrites[part];
    return when !== undefined && (when === "always" || isOn(when));
  };
  const isAnswered = answeredBy !== undefined && !(isOneWay && doesRewrite("destination") === true);
  return { ...(isAnswered ? { answeredBy } : {}), rewrites: doesRewrite };
}
