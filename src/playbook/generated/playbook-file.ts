/** Generated from schemas/playbook.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`. */

/**
 * What it is called, in a few words.
 */
export type Text =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };
/**
 * What it does, in one or two sentences.
 */
export type Text1 =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };
/**
 * The client's address, in whose place the director puts one of its own.
 */
export type Rewritten = "always" | "tunnel" | "mssClamp" | "masquerade" | "internet" | "localAddresses" | "arp";
/**
 * The VIP, in whose place the director puts the real server's address.
 */
export type Rewritten1 = "always" | "tunnel" | "mssClamp" | "masquerade" | "internet" | "localAddresses" | "arp";
/**
 * A header that the director puts around the request: a tunnel.
 */
export type Rewritten2 = "always" | "tunnel" | "mssClamp" | "masquerade" | "internet" | "localAddresses" | "arp";
/**
 * The setting `tunnel`.
 */
export type SettingUse = "optional" | "required";
/**
 * The setting `mssClamp`.
 */
export type SettingUse1 = "optional" | "required";
/**
 * The setting `masquerade`.
 */
export type SettingUse2 = "optional" | "required";
/**
 * The setting `internet`.
 */
export type SettingUse3 = "optional" | "required";
/**
 * The setting `localAddresses`.
 */
export type SettingUse4 = "optional" | "required";
/**
 * The setting `arp`.
 */
export type SettingUse5 = "optional" | "required";
/**
 * Why it is needed, in one or two sentences; plans and `lvsctl explain` show it.
 */
export type Text2 =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };
/**
 * Something unexpected that a user has to know before an apply; every plan with this step shows it once per service.
 */
export type Text3 =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };
/**
 * What happens here and why, in one or two sentences.
 */
export type Text4 =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };
/**
 * What it means where it does not hold, in one or two sentences.
 */
export type Text5 =
  | string
  | {
      /**
       * The text in English.
       */
      en: string;
      /**
       * The text in Chinese.
       */
      zh?: string;
    };

/**
 * What a forwarding mode or a feature needs on each role, in order, and why. Texts may hold expressions, ${{ service.port }}; `when` and `repeat` are bare expressions.
 */
export interface Playbook {
  title: Text;
  /**
   * The name of the playbook: small letters, digits and hyphens.
   */
  playbook: string;
  /**
   * mode: how a service forwards, chosen by the service's `mode`. feature: for every service for which `when` holds. host: for every host, whatever its services.
   */
  kind: "mode" | "feature" | "host";
  summary: Text1;
  /**
   * For a feature: the expression that tells whether a service has it.
   */
  when?: string;
  traits?: Traits;
  /**
   * What is needed, in order; stages run in their own order, and steps of one stage on one host in the order of the file.
   *
   * @minItems 1
   * @maxItems 100
   */
  steps: Step[];
  /**
   * For a mode: the topology file among lvsctl's examples on which `lvsctl explain MODE` shows the packet's path.
   */
  example?: string;
  /**
   * What happens to a packet on its way, host by host; `lvsctl explain` shows it. Between these points a packet goes where the hosts' routes lead it.
   *
   * @minItems 1
   * @maxItems 30
   */
  path?: PathPoint[];
  /**
   * What `lvsctl verify` looks at besides the answers: counters of the kernel that requests have to move.
   *
   * @minItems 1
   * @maxItems 30
   */
  checks?: Check[];
}
/**
 * For a mode: what lvsctl has to know of it to judge a topology. What is left out is unknown, and checks that would have to know it do not take place.
 */
export interface Traits {
  /**
   * Who sends the replies to clients. real-server: the real servers themselves, past the director. director: replies return to the director, which sends them on.
   */
  answeredBy?: "director" | "real-server";
  /**
   * What the director changes in a request: always, or only where a service has the setting that is named. Parts that are not named stay as they are; {} says that nothing is changed.
   */
  rewrites?: {
    source?: Rewritten;
    destination?: Rewritten1;
    outer?: Rewritten2;
  };
  /**
   * Whether a real server can listen on another port than the service's.
   */
  mapsPorts?: boolean;
  /**
   * Where real servers can be. segment: on a segment of the director's. routed: wherever the director has a route to.
   */
  reach?: "segment" | "routed";
  /**
   * Whether a director can be one of its own real servers.
   */
  localNode?: boolean;
  /**
   * Whether requests of one address family can reach real servers at addresses of the other one: an IPv6 service with IPv4 real servers, and the reverse. That takes a header around each request, `outer: always`.
   */
  mixedFamilies?: boolean;
  /**
   * The settings of a service that mean something in this mode, each with `optional` or `required`. lvsctl refuses those that are not named, because they would do nothing.
   */
  settings?: {
    tunnel?: SettingUse;
    mssClamp?: SettingUse1;
    masquerade?: SettingUse2;
    internet?: SettingUse3;
    localAddresses?: SettingUse4;
    arp?: SettingUse5;
  };
  /**
   * What other programs and people call this mode, in small letters and without spaces, hyphens and the `lvs-` or `vs/` before it. Whoever writes one of them as a `mode` is told this one.
   *
   * @maxItems 32
   *
   * Items: One of them.
   */
  otherNames?: string[];
}
/**
 * One thing that is needed on some hosts.
 */
export interface Step {
  /**
   * A name for the step, unique in the playbook: small letters, digits and hyphens.
   */
  id: string;
  /**
   * Where the step runs. `director` and `real-server` are those of the service, and bind `director` and `rs`; in a host playbook any role, or `any`. An expression ${{ … }} gives the name of a host, or a list of names.
   */
  on: string;
  /**
   * Names, each with an expression that gives a list: the step is written once for each element, which the name stands for. A later list may use an earlier name.
   */
  repeat?: {
    /**
     * An expression that gives a list.
     */
    [k: string]: string;
  };
  /**
   * An expression; the step is written only where it is true.
   */
  when?: string;
  /**
   * When the step runs. A stage begins when the one before has succeeded on every host; destroy goes through them backwards.
   */
  stage:
    | "kernel-modules"
    | "base-network"
    | "real-server-arp"
    | "real-server-address"
    | "real-server-web"
    | "director-network"
    | "virtual-service"
    | "real-servers"
    | "announce"
    | "publish"
    | "marks";
  /**
   * What is made: address, route, sysctl, kernel-module, iptables-rule, ipvs-service, ipvs-destination, gratuitous-arp, file, web-server and others.
   */
  resource: string;
  /**
   * What the resource is to be; the properties are those of its kind. A property that is ${{ service.?field }} is left out where the field is absent.
   */
  with: {
    [k: string]: unknown;
  };
  /**
   * For an action such as gratuitous-arp: it runs when a resource of one of these steps has changed on the same host.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: The id of a step.
   */
  follows?: string[];
  why: Text2;
  note?: Text3;
}
/**
 * What one host does to the packets that pass it.
 */
export interface PathPoint {
  /**
   * Where it happens: `director`, `real-server`, `client`, or an expression ${{ … }} that gives the name of a host, or a list of names.
   */
  on: string;
  /**
   * Whether it happens to requests or to replies.
   */
  direction: "request" | "reply";
  /**
   * An expression; the point is there only where it is true.
   */
  when?: string;
  /**
   * What of the packet is different when it leaves the host: source, sourcePort, destination, destinationPort; next, the neighbour's address to which the frame goes instead of where the routes lead; outer, a header around the packet with source, destination and protocol, or none to take it off.
   */
  packet?: {
    [k: string]: unknown;
  };
  why: Text4;
}
/**
 * A counter of the kernel that is read before and after the requests of `lvsctl verify`.
 */
export interface Check {
  /**
   * A name for the check: small letters, digits and hyphens.
   */
  id: string;
  /**
   * Whose counter it is: an expression ${{ … }} that gives the name of a host, or a list of names.
   */
  on: string;
  /**
   * A column of a table under /proc/net/stat, added up over all processors.
   */
  counter: {
    /**
     * The table: a line of names, then for each processor a line of hexadecimal numbers.
     */
    file: string;
    /**
     * The name of the column.
     */
    column: string;
  };
  /**
   * An expression that tells whether all is well; `grown` is by how much the counter has grown, `answered` how many of the service's requests were answered meanwhile.
   */
  holds: string;
  why: Text5;
}
