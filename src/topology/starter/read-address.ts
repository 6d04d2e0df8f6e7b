/** Reads an address as somebody types it, and says what is wrong with it. */
import { addressFamily, type Cidr, parseCidr, wholeAddress } from "../../net/address.ts";
import { endOfSubnet } from "../end-of-subnet.ts";
import { reservedFor } from "../reserved-address.ts";

/** Why an answer is refused, and what to write in its place. */
export interface Refusal {
  readonly message: string;
  readonly fix: string;
}

/** Whether an answer is refused. */
export function isRefusal(answer: object): answer is Refusal {
  return "fix" in answer;
}

/** An address with the prefix length of its subnet, as on an interface. `example`: one that would be right. */
export function readInterfaceAddress(text: string, example: string): Cidr | Refusal {
  const fix = `Write the address and the prefix length of its subnet: ${example}.`;
  const [address = "", prefix, ...rest] = text.split("/");
  const family = addressFamily(address);
  if (family === undefined) return { message: noAddress(address), fix };
  const longest = family === 4 ? 30 : 126;
  if (prefix === undefined) {
    return {
      message: `${address} has no prefix length.`,
      fix: `Add that of its subnet, as "ip address" prints it: ${address}/${family === 4 ? 24 : 64}, for example.`,
    };
  }
  const cidr = rest.length === 0 ? parseCidr(text) : undefined;
  if (cidr === undefined || cidr.prefix === 0) return { message: `"/${prefix}" is no prefix length.`, fix };
  if (cidr.prefix > longest) {
    const message = `A prefix length of ${prefix} leaves no room for another host in the subnet.`;
    return { message, fix: `The longest is ${longest}. ${fix}` };
  }
  return flawOf(cidr, fix) ?? cidr;
}

/** An address alone. `example`: one that would be right. */
export function readBareAddress(text: string, example: string): Cidr | Refusal {
  const [address = "", prefix] = text.split("/");
  const family = addressFamily(address);
  if (family === undefined) return { message: noAddress(address), fix: `Write an address: ${example}.` };
  if (prefix !== undefined) {
    return { message: `${text} has a prefix length, and none belongs here.`, fix: `Write ${address} alone.` };
  }
  const cidr = parseCidr(address) ?? wholeAddress({ address, family });
  return flawOf(cidr, `Write the address of a host: ${example}.`) ?? cidr;
}

/** Why no host can have this address, alone or in the subnet of its prefix. */
export function flawOf(cidr: Cidr, fix: string): Refusal | undefined {
  const flaw = reservedFor(cidr) ?? endOfSubnet(cidr);
  return flaw === undefined ? undefined : { message: `${cidr.address} ${flaw}.`, fix };
}

/** What keeps a text from being an address. */
function noAddress(text: string): string {
  const octets = text.split(".");
  if (text === "") return "There is no address.";
  if (octets.length < 2 || octets.some((octet) => !/^[0-9]+$/.test(octet))) {
    return `${JSON.stringify(text)} is no IP address.`;
  }
  const large = octets.find((octet) => Number(octet) > 255);
  if (large !== undefined) return `${large} in ${text} is too large: no part of an IPv4 address is larger than 255.`;
  if (octets.length !== 4) return `${text} has ${octets.length} parts; an IPv4 address has 4.`;
  return `${text} has a part that begins with 0; some programs read that as octal.`;
}
