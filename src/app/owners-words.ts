/** The fixed words of what an owner is responsible for, in each language. */
import type { Language } from "../playbook/playbook.ts";

/** The words of one language. */
export interface OwnersWords {
  /** A program that answers; without a port, on those that it offers; without an address, wherever requests arrive. */
  readonly program: (protocol: string, port: string | undefined, address: string | undefined) => string;
  readonly arrivesAtOwn: string;
  readonly arrivesAtVirtual: string;
  readonly mayArrive: string;
  readonly noTestPage: string;
  /** Between two sentences. */
  readonly blank: string;
}

/** The words by language. */
export const ownersWords: Readonly<Record<Language, OwnersWords>> = {
  en: {
    program: (protocol, port, address) =>
      `a program that answers on ${protocol} ${port ? `port ${port}` : "ports of its own"}${address ? ` of ${address}` : ""}`,
    arrivesAtOwn: "The director sends requests to this address and port; the host's own filter has to let them in.",
    arrivesAtVirtual:
      "Requests arrive with the virtual address as their destination, so the program listens there or on all addresses, and the host's own filter has to let them in.",
    mayArrive: "The mode's playbook does not say at which address requests arrive.",
    noTestPage: "lvsctl makes its test page only on hosts that it logs in to, so what answers here is the owner's.",
    blank: " ",
  },
  zh: {
    program: (protocol, port, address) =>
      `在 ${address ? `${address} 的 ` : ""}${protocol} ${port ? `端口 ${port} ` : "自选端口"}上应答的程序`,
    arrivesAtOwn: "调度器把请求发到这个地址和端口；主机自己的防火墙必须放行。",
    arrivesAtVirtual: "请求到达时目的地址是虚拟地址，所以程序要监听虚拟地址或所有地址，主机自己的防火墙也必须放行。",
    mayArrive: "该模式的剧本没有说明请求到达哪个地址。",
    noTestPage: "lvsctl 只在它登录的主机上建立测试页面，所以在这里应答的是主机所有者自己的程序。",
    blank: "",
  },
};
