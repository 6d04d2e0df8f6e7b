/** The values of the kernel parameters that the network model reads. Pure. */

/** What values such a parameter has. */
export interface KnownSysctl {
  /** They are whole numbers from 0 to this one. */
  readonly most: number;
  /** What they mean. */
  readonly meaning: string;
}

const SWITCH = "0 is off, 1 is on";

/** Source: the kernel's ip-sysctl.rst. */
const KNOWN: readonly (readonly [key: RegExp, known: KnownSysctl])[] = [
  [/^net\.ipv4\.ip_forward$/, { most: 1, meaning: SWITCH }],
  [/^net\.ipv[46]\.conf\..+\.forwarding$/, { most: 1, meaning: SWITCH }],
  [/^net\.ipv6\.conf\..+\.disable_ipv6$/, { most: 1, meaning: "0 leaves IPv6 on, 1 turns it off" }],
  [/^net\.ipv4\.conf\..+\.accept_local$/, { most: 1, meaning: SWITCH }],
  [/^net\.ipv4\.conf\..+\.rp_filter$/, { most: 2, meaning: "0 is off, 1 is strict, 2 is loose" }],
  [
    /^net\.ipv4\.conf\..+\.arp_ignore$/,
    { most: 8, meaning: "0 answers for every address of the host, 1 for those of the interface alone" },
  ],
];

/** What values a parameter has; undefined for all that the model does not read. The key can have dots or slashes. */
export function knownSysctl(key: string): KnownSysctl | undefined {
  const canonical = key.replaceAll("/", ".");
  return KNOWN.find(([pattern]) => pattern.test(canonical))?.[1];
}
