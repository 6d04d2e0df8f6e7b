/** Bridges of container engines and virtual machines, which every host has for itself. Pure. */

const INNER_BRIDGE = /^(docker\d*|br-[\da-f]{12}|virbr\d+|lxcbr\d+|lxdbr\d+|incusbr\d+|(cni-)?podman\d+|cni\d+)$/;

/** Whether an interface is one that leads to nobody outside of its host, going by its name. */
export function isInnerBridge(name: string): boolean {
  return INNER_BRIDGE.test(name);
}
