/** What the owners of hosts that lvsctl does not log in to are responsible for. Pure. */
import type { DesiredResource, DesiredState } from "../compile/desired-state.ts";
import { isNamed } from "../lvs/service-name.ts";
import type { Treatment } from "../network/treatment.ts";
import { bareHost } from "../plan/bare-host.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Need, OwnersList, Plan } from "../plan/plan.ts";
import type { Language } from "../playbook/playbook.ts";
import { kinds } from "../resources/kinds.ts";
import type { Host, RealServer, Service, Topology } from "../topology/topology.ts";
import { restoringSteps } from "../transaction/at-boot.ts";
import { type OwnersWords, ownersWords } from "./owners-words.ts";

/** One list for each host that lvsctl does not log in to, in the order of the file; `only`: for this service alone. */
export function ownersLists(
  topology: Topology,
  desired: DesiredState,
  treatments: ReadonlyMap<Service, Treatment>,
  language: Language = "en",
  only?: string,
): readonly OwnersList[] {
  const words = ownersWords[language];
  return topology.hosts
    .filter(({ managed }) => !managed)
    .map((host) => {
      const asked = (desired.unmanaged?.get(host.name) ?? []).filter(
        ({ services }) => only === undefined || services.some((name) => isNamed(name, only)),
      );
      const services = topology.services.filter(({ name }) => only === undefined || isNamed(name, only));
      const { needs, commands } = fromResources(host, asked, topology.name);
      return {
        host: host.name,
        roles: host.roles,
        needs: [...needs, ...services.flatMap((service) => programsOf(host, service, treatments.get(service), words))],
        commands,
        lasting: topology.persist,
      };
    });
}

/** The plan, with what others are responsible for. */
export function withOwners(plan: Plan, unmanaged: readonly OwnersList[]): Plan {
  return unmanaged.length === 0 ? plan : { ...plan, unmanaged };
}

/** Actions are left out: they follow a change of lvsctl's, and there is none. */
function fromResources(
  { name: host }: Host,
  resources: readonly DesiredResource[],
  topology: string,
): Pick<OwnersList, "needs" | "commands"> {
  const state = bareHost(host, kinds);
  const desired: DesiredState = { topology, hosts: new Map([[host, resources]]) };
  const changes = (makePlan(desired, new Map([[host, state]]), kinds).hosts.get(host) ?? []).filter(
    ({ isAction }) => !isAction,
  );
  const onDisk = changes.filter(({ kind }) => kinds.get(kind)?.comesBack === undefined);
  const steps = restoringSteps(changes, state.observed, kinds, { topology, host });
  const services = new Map(resources.map((one) => [`${one.kind} ${one.key}`, one.services]));
  return {
    needs: changes.map(({ kind, key, description, why }) => ({
      ...{ kind, id: key, what: description, why },
      services: services.get(`${kind} ${key}`) ?? [],
    })),
    commands: [...onDisk.flatMap(({ commands }) => commands), ...steps.map(({ script }) => script)],
  };
}

/** The programs that answer on a real server: no playbook asks for them, since whoever has managed hosts has them. */
function programsOf(
  host: Host,
  service: Service,
  treatment: Treatment | undefined,
  words: OwnersWords,
): readonly Need[] {
  const entries = service.realServers.filter((one) => one.host === host.name);
  const isRewritten = treatment?.rewrites("destination");
  const whats = entries.flatMap((entry) => placesOf(service, entry, isRewritten, words));
  const why = isRewritten === undefined ? words.mayArrive : isRewritten ? words.arrivesAtOwn : words.arrivesAtVirtual;
  const page = service.testPage ? [words.noTestPage] : [];
  return [...new Set(whats)].map((what) => ({
    ...{ kind: null, id: null, what, why: [why, ...page].join(words.blank) },
    services: [service.name],
  }));
}

/** Where a program has to listen, in words. */
function placesOf(
  { vip, protocol, port, match }: Service,
  entry: RealServer,
  isRewritten: boolean | undefined,
  words: OwnersWords,
): readonly string[] {
  const own = isRewritten === true ? entry.address : undefined;
  const addressOf = (virtual: string) => own ?? (isRewritten === false ? virtual : undefined);
  const portOf = (number: number | undefined) => (number ? String(number) : undefined);
  if (vip !== undefined) return [words.program(protocol, portOf(own ? entry.port : port), addressOf(vip.address))];
  return match.map((one) =>
    words.program(one.protocol, portOf(entry.port) ?? one.ports.join(", "), addressOf(one.address)),
  );
}
