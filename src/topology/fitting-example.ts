/**
 * The examples of the schema, as they fit a file: with free addresses of its own subnets, and for a host with the role in which
 * services use it.
 */
import type { SchemaMistake } from "../document/schema-problem.ts";
import { type Cidr, contains, firstHost, formatCidr, networkOf, nextHost, parseCidr } from "../net/address.ts";
import { listOf } from "./hosts.ts";

interface Schema {
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

type YamlMap = Readonly<Record<string, unknown>>;

/** The same mistake with an example that fits the file, where there is one. */
export function withFittingExample({ path, error }: SchemaMistake, document: unknown): SchemaMistake {
  const schema: Schema & Readonly<Record<string, unknown>> = error.parentSchema ?? {};
  if (error.keyword !== "required") return { path, error: { ...error, parentSchema: fitted(schema, path, document) } };
  const key = String(error.params["missingProperty"]);
  const property = fitted(schema.properties?.[key] ?? {}, [...path, key], document);
  return {
    path,
    error: { ...error, parentSchema: { ...schema, properties: { ...schema.properties, [key]: property } } },
  };
}

function fitted(schema: Schema, [part, name, key, ...more]: SchemaMistake["path"], document: unknown): Schema {
  const [example] = schema.examples ?? [];
  if (mapOf(example) !== example || more.length > 0) return schema; // Examples of names are texts.
  const showing = (value: unknown) => ({ ...schema, examples: [value] });
  if (part === "services" && key === undefined) {
    const vip = freeNear(document, hostsWith(document, "director"))?.address;
    if (vip === undefined) return schema;
    const withVip = (service: unknown) => ({ ...mapOf(service), vip });
    if (name !== undefined) return showing(withVip(example));
    return showing(Object.fromEntries(Object.entries(mapOf(example)).map(([one, service]) => [one, withVip(service)])));
  }
  if (part !== "hosts" || name === undefined) return schema;
  const role = roleOf(document, String(name));
  const address = freeNear(document, [...hostsWith(document, role), ...hostsWith(document, "director")]);
  if (address === undefined) return schema;
  const router = hostsOf(document)
    .flatMap((host) => addressesIn(host["gateway"]))
    .find((one) => contains(networkOf(address), one))?.address;
  const isRouter = role === "firewall" && router !== undefined && !isOnInterface(document, router);
  const interfaces = { eth0: formatCidr(isRouter ? { ...address, address: router } : address) };
  if (key === "interfaces") return showing(interfaces);
  if (key !== undefined) return schema;
  return showing({ role, interfaces, ...(isRouter || router === undefined ? {} : { gateway: router }) });
}

/** The role in which services use a host, or else one that the file lacks. */
function roleOf(document: unknown, name: string): string {
  const services = Object.values(mapOf(mapOf(document)["services"])).map(mapOf);
  if (services.some(({ realServers }) => namesIn(realServers).includes(name))) return "real-server";
  if (services.some(({ publish }) => mapOf(publish)["on"] === name)) return "firewall";
  return hostsWith(document, "director").length === 0 ? "director" : "real-server";
}

function namesIn(realServers: unknown): readonly unknown[] {
  if (!Array.isArray(realServers)) return Object.keys(mapOf(realServers));
  return realServers.map((entry) => (typeof entry === "string" ? entry : mapOf(entry)["host"]));
}

/** An address that nothing in the file has, in the subnet of the first of these hosts, or of any that has one. */
function freeNear(document: unknown, near: readonly YamlMap[]): Cidr | undefined {
  const hosts = hostsOf(document);
  const [own] = [...near, ...hosts].flatMap(ownAddresses);
  if (own === undefined) return undefined;
  const services = Object.values(mapOf(mapOf(document)["services"])).map(mapOf);
  const named = [
    ...hosts.map(({ gateway }) => gateway),
    ...services.flatMap(({ vip, vips, localAddresses }) => [vip, vips, localAddresses]),
  ].flatMap(addressesIn);
  const taken = new Set([...hosts.flatMap(ownAddresses), ...named].map(({ address }) => address));
  let found: Cidr | undefined = { ...own, address: firstHost(networkOf(own)) };
  while (found !== undefined && taken.has(found.address)) found = nextHost(found);
  return found;
}

function isOnInterface(document: unknown, wanted: string): boolean {
  return hostsOf(document).some((host) => ownAddresses(host).some(({ address }) => address === wanted));
}

function ownAddresses({ interfaces }: YamlMap): readonly Cidr[] {
  return Object.values(mapOf(interfaces)).flatMap(addressesIn);
}

function hostsWith(document: unknown, wanted: string): readonly YamlMap[] {
  return hostsOf(document).filter(({ role, roles }) => [role, roles].flat().includes(wanted));
}

function hostsOf(document: unknown): readonly YamlMap[] {
  return Object.values(mapOf(mapOf(document)["hosts"])).map(mapOf);
}

/** Addresses that are written alone, in a list, or as the `address` of a map. */
function addressesIn(value: unknown): readonly Cidr[] {
  return listOf(value).flatMap((one) => {
    const text = typeof one === "string" ? one : mapOf(one)["address"];
    return typeof text === "string" ? (parseCidr(text) ?? []) : [];
  });
}

function mapOf(value: unknown): YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as YamlMap) : {};
}
