/** The questions about a first topology, in their order, and which answers fit together. */
import { type Cidr, contains, firstHost, formatCidr, networkOf, nextHost, wholeAddress } from "../../net/address.ts";
import {
  type AddressKind,
  type Answers,
  innerSubnet,
  outerSubnet,
  repliesThroughDirector,
  unjoinedSubnets,
} from "./answers.ts";
import { flawOf, isRefusal, type Refusal, readBareAddress, readInterfaceAddress } from "./read-address.ts";

/** A question that is answered with an address, once or several times. */
export interface Question {
  readonly kind: AddressKind;
  /** Whether the address has no prefix length. */
  readonly isBare: boolean;
  /** What to ask for next. */
  text(answers: Answers): string;
  /** An address that would be right. */
  example(answers: Answers): string;
  /** How many addresses there have to be. */
  least(answers: Answers): number;
  /** How many there can be. */
  most(answers: Answers): number;
  /** Whether nobody is asked for more than there have to be. */
  readonly isNeverExtra?: true;
  /** Why an address does not fit what is known, beyond what holds for all of them. */
  misfit(address: Cidr, answers: Answers): Refusal | undefined;
}

const MANY = 100;
const no = () => 0;
const one = () => 1;
const count = ({ addresses }: Answers, kind: AddressKind) => addresses[kind].length;
const needsLocal = ({ mode }: Answers) => mode.traits.settings?.localAddresses === "required";

/** All of them, in an order in which each can be judged by those before it. */
export const questions: readonly Question[] = [
  {
    kind: "director",
    isBare: false,
    text: (answers) =>
      count(answers, "director") === 0
        ? "Director: its address, where clients come in"
        : "Director: a second one, towards the real servers",
    example: (answers) => (count(answers, "director") === 0 ? "10.0.0.2/24" : "192.168.10.1/24"),
    least: one,
    most: ({ mode }) => (repliesThroughDirector(mode.traits) ? 2 : 1),
    misfit: (address, answers) =>
      inside(address, outerSubnet(answers))
        ? {
            message: `${formatCidr(address)} is in the subnet of the director's other address.`,
            fix: "Give it an address in the real servers' subnet, or only one address if all hosts are in one subnet.",
          }
        : undefined,
  },
  {
    kind: "real-server",
    isBare: false,
    text: (answers) => `Real server ${count(answers, "real-server") + 1}: its address`,
    example: (answers) => hostIn(innerSubnet(answers), 11 + count(answers, "real-server"), false, answers),
    least: one,
    most: () => MANY,
    misfit: (address, answers) => {
      const { traits } = answers.mode;
      const subnet = innerSubnet(answers);
      const isTied = traits.reach === "segment" || repliesThroughDirector(traits);
      if (!isTied || subnet === undefined || inside(address, subnet)) return undefined;
      const why =
        traits.reach === "segment" ? "the director reaches it by its MAC address" : "its replies go to the director";
      return {
        message: `${formatCidr(address)} is not in the director's subnet ${formatCidr(subnet)}, and it has to be: ${why}.`,
        fix: `Give it an address in ${formatCidr(subnet)}${count(answers, "director") === 1 && traits.reach !== "segment" ? ", or the director a second address in the real servers' subnet" : ""}.`,
      };
    },
  },
  {
    kind: "vip",
    isBare: true,
    text: () => "VIP, which clients use: a free one in the director's subnet",
    example: (answers) => hostIn(outerSubnet(answers), 100, true, answers),
    least: one,
    most: one,
    misfit: inOuterSubnet,
  },
  {
    kind: "local-address",
    isBare: true,
    text: (answers) => `Local address ${count(answers, "local-address") + 1}: free, in the director's subnet`,
    example: (answers) => hostIn(outerSubnet(answers), 201 + count(answers, "local-address"), true, answers),
    least: (answers) => (needsLocal(answers) ? 1 : 0),
    most: (answers) => (needsLocal(answers) ? MANY : 0),
    misfit: inOuterSubnet,
  },
  {
    kind: "client",
    isBare: false,
    text: () => "Client for test requests; a lab needs one",
    example: (answers) => hostIn(outerSubnet(answers), 50, false, answers),
    least: no,
    most: one,
    misfit: (address, answers) =>
      count(answers, "director") > 1 && inside(address, innerSubnet(answers))
        ? {
            message: `${formatCidr(address)} is in the real servers' subnet: their replies would reach it past the director.`,
            fix: "Give the client an address elsewhere.",
          }
        : undefined,
  },
  {
    kind: "firewall",
    isBare: false,
    isNeverExtra: true,
    text: (answers) => {
      const [subnet] = unjoinedSubnets(answers);
      return `Firewall or router: its address in ${subnet ? formatCidr(subnet) : "another one"}`;
    },
    example: (answers) => routerIn(unjoinedSubnets(answers)[0] ?? outerSubnet(answers), answers),
    least: (answers) => count(answers, "firewall") + unjoinedSubnets(answers).length,
    most: () => MANY,
    misfit: (address, { addresses }) => {
      const twin = addresses.firewall.find((other) => inside(address, networkOf(other)));
      return (
        twin && {
          message: `The firewall has ${formatCidr(twin)} in that subnet already.`,
          fix: "Give it one address in each subnet.",
        }
      );
    },
  },
  {
    kind: "gateway",
    isBare: true,
    text: () => "Gateway: the router in the director's subnet",
    example: (answers) => hostIn(outerSubnet(answers), 1, true, answers),
    least: (answers) => (count(answers, "firewall") + count(answers, "client") > 0 ? 0 : 1), // Clients are elsewhere.
    most: (answers) => (count(answers, "firewall") > 0 ? 0 : 1),
    misfit: inOuterSubnet,
  },
];

/** The answers with one more address, or why it is refused. */
export function answer(question: Question, text: string, answers: Answers): Answers | Refusal {
  const { kind, isBare } = question;
  const address = (isBare ? readBareAddress : readInterfaceAddress)(text.trim(), question.example(answers));
  if (isRefusal(address)) return address;
  const refusal = taken(address, answers) ?? otherPrefix(address, answers) ?? question.misfit(address, answers);
  return refusal ?? { ...answers, addresses: { ...answers.addresses, [kind]: [...answers.addresses[kind], address] } };
}

/** The answers with a port, or why it is refused. */
export function answerPort(text: string, answers: Answers): Answers | Refusal {
  const port = /^[1-9][0-9]{0,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (port <= 65535) return { ...answers, port };
  return { message: `${JSON.stringify(text)} is no port.`, fix: "Write a number from 1 to 65535, such as 80." };
}

function inside(address: Cidr, subnet: Cidr | undefined): boolean {
  return subnet !== undefined && contains(subnet, wholeAddress(address));
}

function inOuterSubnet(address: Cidr, answers: Answers): Refusal | undefined {
  const subnet = outerSubnet(answers);
  if (subnet === undefined) return undefined;
  const fix = `Choose one in ${formatCidr(subnet)} that no host has.`;
  if (inside(address, subnet)) return flawOf({ ...address, prefix: subnet.prefix }, fix);
  return { message: `${address.address} is outside of the director's subnet ${formatCidr(subnet)}.`, fix };
}

function taken({ address }: Cidr, { addresses }: Answers): Refusal | undefined {
  const user = questions.find(({ kind }) => addresses[kind].some((other) => other.address === address));
  return (
    user && {
      message: `${address} is already used: it is what you gave for the ${user.kind}.`,
      fix: "Give each its own address.",
    }
  );
}

/** One subnet with two prefix lengths is two subnets to the hosts. */
function otherPrefix(address: Cidr, { addresses }: Answers): Refusal | undefined {
  const isAlone = ({ prefix }: Cidr) => prefix > (address.family === 4 ? 30 : 126);
  if (isAlone(address)) return undefined;
  const others = Object.values(addresses)
    .flat()
    .filter((other) => !isAlone(other) && other.prefix !== address.prefix);
  const odd = others.find(
    (other) => contains(networkOf(other), wholeAddress(address)) || inside(other, networkOf(address)),
  );
  return (
    odd && {
      message: `${formatCidr(address)} and ${formatCidr(odd)} are in one subnet with two prefix lengths.`,
      fix: `Write the same for both: ${address.address}/${odd.prefix}, for example.`,
    }
  );
}

/** An example in a subnet: its host of this number, as far as it has that many, or the next one that nobody has. */
function hostIn(subnet: Cidr | undefined, number: number, isBare: boolean, answers: Answers): string {
  const base: Cidr = subnet ?? { address: "10.0.0.0", prefix: 24, family: 4 };
  const isLarge = base.family === 4 ? base.prefix <= 24 : base.prefix <= 112;
  const first = firstHost(base);
  const wanted = isLarge ? first.replace(/1$/, String(number)) : first;
  let free: Cidr | undefined = { ...base, address: wanted };
  while (free !== undefined && isTaken(free.address, answers)) free = nextHost(free);
  const address = free?.address ?? wanted;
  return isBare ? address : `${address}/${base.prefix}`;
}

/** A router's usual address in a subnet, the first one, if nobody has it. */
function routerIn(subnet: Cidr | undefined, answers: Answers): string {
  const isFree = subnet === undefined || !isTaken(firstHost(subnet), answers);
  return hostIn(subnet, isFree ? 1 : 254, false, answers);
}

function isTaken(address: string, { addresses }: Answers): boolean {
  return Object.values(addresses).some((all) => all.some((other) => other.address === address));
}
