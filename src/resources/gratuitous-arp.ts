/** Tells the neighbours where an address lives now, so that they do not wait for an old ARP entry to expire. */
import { canonicalAddress } from "../net/address.ts";
import { type ShellCommand, sh } from "../shell/quote.ts";
import { nothingFound, oneByOne, type ResourceKind, type State } from "./resource.ts";

/** An address to announce on an interface. Nothing on the host: announcing leaves no state. */
export interface GratuitousArpState extends State {
  readonly address: string;
  readonly device: string;
}

/** An action: tells neighbours that an address has moved here, when the resource it follows has changed. */
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
  fields: { address: true, device: true },
  read: () => [],
  parse: nothingFound,
  diff: () => [],
  bare: nothingFound,
  commands: (changes) => oneByOne(changes, ({ after }) => (after ? announce(after) : sh`:`)),
  whenChangedByOthers: "leave",
  comesBack: "announcements",
  atBoot: (states) =>
    states.map((state) => ({
      what: gratuitousArp.describe(state),
      script: announce(state),
      later: { when: sh`was_put ${state.address}` },
    })),
  action: true,
  describe: ({ address, device }) => `gratuitous ARP for ${address} on ${device}`,
};

/**
 * Sends one gratuitous ARP request and does not wait for a reply. iputils' arping lingers for a second after sending, so it
 * runs in the background. Thomas Habets' arping does not know `-f` and fails at once, so it is called again with its own
 * options; it sends from the interface's first address unless `-S` names another. Without arping the neighbours find out
 * later by themselves.
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
