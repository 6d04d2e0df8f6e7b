/** Other programs' words for persistence, which are keys of the service there. */

/** What belongs to `persistence` here, in the words of keepalived, ipvsadm and ldirectord; with the value if that is unknown. */
const PERSISTENCE_KEYS: Readonly<Record<string, readonly [key: string, usual: string, isOne: RegExp]>> = {
  persistencetimeout: ["timeout", "300", /^\d+$/],
  persistent: ["timeout", "300", /^\d+$/],
  persistencegranularity: ["netmask", "255.255.255.0", /^[\d.]+$/],
  netmask: ["netmask", "255.255.255.0", /^[\d.]+$/],
  persistenceengine: ["engine", "sip", /^sip$/],
  pename: ["engine", "sip", /^sip$/],
  pe: ["engine", "sip", /^sip$/],
};

/**
 * The hint for a key that belongs to `persistence`: that, with the values of all such keys of the service; undefined for others.
 */
export function persistenceKey(key: string, service: unknown): string | undefined {
  const known = (one: string) => {
    const word = one.toLowerCase().replaceAll(/[_-]/g, "");
    return Object.hasOwn(PERSISTENCE_KEYS, word) ? PERSISTENCE_KEYS[word] : undefined;
  };
  if (known(key) === undefined || typeof service !== "object" || service === null) return undefined;
  const settings = new Map<string, unknown>();
  for (const [one, value] of Object.entries(service)) {
    const [name, usual, isOne] = known(one) ?? [];
    if (name !== undefined) settings.set(name, isOne?.test(String(value)) ? value : usual);
  }
  return `Here it is \`persistence: { ${[...settings].map(([name, value]) => `${name}: ${value}`).join(", ")} }\`.`;
}
