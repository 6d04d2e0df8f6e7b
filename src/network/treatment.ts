/** What happens to a service's packets, from its mode's traits and its own settings. Pure. */
import type { ModeSetting, ModeTraits, RewrittenPart } from "../topology/mode-traits.ts";
import type { Service } from "../topology/topology.ts";

/** What happens to one service's packets. */
export interface Treatment {
  readonly answeredBy?: ModeTraits["answeredBy"];
  /** Whether the director changes this part of requests; undefined where the mode does not say. */
  rewrites(part: RewrittenPart): boolean | undefined;
}

/** What happens to the packets of a resolved service whose mode has these traits. */
export function treatmentOf(service: Service, traits: ModeTraits): Treatment {
  return treatment(traits, (setting) => {
    const value = service[setting];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
}

/** What these traits mean for a service; `isOn`: whether it has a setting turned on. */
export function treatment({ answeredBy, rewrites }: ModeTraits, isOn: (setting: ModeSetting) => boolean): Treatment {
  return {
    ...(answeredBy === undefined ? {} : { answeredBy }),
    rewrites(part) {
      if (rewrites === undefined) return undefined;
      const when = rewrites[part];
      return when !== undefined && (when === "always" || isOn(when));
    },
  };
}
