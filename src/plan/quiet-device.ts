/** Whether neighbours cannot find addresses on this device: it is the loopback device, or a tunnel's own. */
export function isQuietDevice(device: string): boolean {
  return device === "lo" || /^(tunl|gre|sit|ip6tnl|ip6gre)0$/.test(device);
}
