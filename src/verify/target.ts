/** Where the requests to a service go. Pure. */
import type { Protocol, Service } from "../topology/topology.ts";

/** Where clients reach a service: its published address, else the VIP. None for firewall marks and for all ports. */
export function targetOf(service: Service): Target | undefined {
  const address = service.publish?.address ?? service.vip?.address;
  const port = service.publish?.port ?? service.port;
  if (address === undefined || port === undefined || port === 0) return undefined;
  return { protocol: service.protocol, address, port };
}

/** An address and a port that clients can send requests to. */
export interface Target {
  readonly protocol: Protocol;
  readonly address: string;
  readonly port: number;
}

/** A target as text, for people and for curl: `http://10.0.2.1:80/`, `udp 10.0.2.1:53`. */
export function formatTarget({ protocol, address, port }: Target): string {
  const where = `${address.includes(":") ? `[${address}]` : address}:${port}`;
  return protocol === "tcp" ? `http://${where}/` : `${protocol} ${where}`;
}
