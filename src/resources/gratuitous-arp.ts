/** Tells the neighbours where an address lives now, so that nobody waits for an old ARP entry to age. */
import { canonicalAddress } from "../net/address.ts";
import { type ShellCommand, sh } from "../shell/quote.ts";
import { nothingFound, oneByOne, type ResourceKind, type State } from "./resource.ts";

export interface GratuitousArpState extends State {
  readonly address: string;
  readonly device: string;
}

export const gratuitousArp: ResourceKind<GratuitousArpState> = {
  kind: "gratuitous-arp",
  schema: {
    type: "object",
    required: ["address", "device"],
    additionalProperties: false,
    properties: {
      address: { type: "string", description: "The address to announce." },
      device: {
        type: "string",
        pattern: "^[^\\s/:]{1,15}$",
        description: "The interface towards the neighbours; it carries the address.",
      },
    },
  },

  resolve: ({ address, device }) => [{ address: canonicalAddress(String(address)), device: String(device) }],
  key: ({ address, device }) => `${address} dev ${device}`,
  read: () => [],
  parse: nothingFound,
  diff: () => [],
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, ({ after }) => (after ? announce(after) : sh`:`)),
  whenChangedByOthers: "leave",
  comesBack: "announcements",
  action: true,
  describe: ({ address, device }) => `gratuitous ARP for ${address} on ${device}`,
};

/**
 * One gratuitous ARP request; no reply is waited for. iputils' arping lingers a second after sending, so it goes to the
 * background. Thomas Habets' arping sends from the interface's first address unless `-S` names another; it does not know
 * `-f`, fails at once, and is called again in its own way. Without any arping the neighbours find out by themselves, later.
 */
function announce({ address, device }: GratuitousArpState): ShellCommand {
  if (address.includes(":")) return sh`: ${`IPv6 neighbours ask again by themselves where ${address} is`}`;
  return sh`if command -v arping >/dev/null; then
  { arping -f -q -U -c 1 -I ${device} ${address} || arping -q -U -S ${address} -c 1 -I ${device} ${address}; } </dev/null >/dev/null 2>&1 &
elif command -v busybox >/dev/null; then
  busybox arping -q -U -c 1 -I ${device} ${address} </dev/null >/dev/null 2>&1 || :
else
  echo ${`no arping on this host: neighbours learn of ${address} when their ARP entries age`}
fi`;
}
