/** The keys of a topology file as its JSON Schema has them, for docs/topology.md. */

/** Headings that differ from the schema's titles, where two parts have the same one. */
const HEADINGS = { realServerEntry: "Real server in a list", anyInterfaceName: "Interface of any host" };

/**
 * `sections`: the maps with keys of their own, in the order in which they first appear, each with its keys. `all`: every key.
 * `values`: what texts are made of, such as addresses. The functions answer in the words of the page.
 */
export function keysOf(schema) {
  const resolve = (part) => {
    if (part?.$ref !== undefined) {
      const steps = part.$ref.replace("#/", "").split("/");
      return resolve(steps.reduce((inner, step) => inner[step], schema));
    }
    return part;
  };
  /** The schema with what it refers to: its own words win. */
  const whole = (part) => ({
    ...(part.$ref === undefined ? {} : resolve(part)),
    ...part,
    ...Object.assign({}, ...(part.allOf ?? []).map(resolve)),
    ...words(part),
  });
  const words = ({ title, description, examples }) =>
    Object.fromEntries(Object.entries({ title, description, examples }).filter(([, value]) => value !== undefined));
  const nameOf = ({ $ref = "" }) => /^#\/definitions\/(\w+)$/.exec($ref)?.[1];
  const isSection = (part) => resolve(part)?.properties !== undefined;

  const sections = [];
  const values = new Map();
  const visit = (id, section, path) => {
    if (sections.some((one) => one.id === id)) return;
    const { description, properties, required = [] } = section;
    const title = HEADINGS[id] ?? section.title;
    const keys = Object.entries(properties).map(([name, part]) => ({
      ...{
        id: sharedId(part) ?? `${id}.${name}`,
        name,
        schema: whole(part),
        part,
        isRequired: required.includes(name),
        path: [...path, name],
      },
    }));
    sections.push({ id, title, description, keys, path });
    // A key that is nothing but a reference has its own row, and needs no other.
    for (const { part, path: inner } of keys) if (part.$ref === undefined || isSection(part)) walk(part, inner);
  };
  /** What is inside of a value, with a path that leads there. */
  const walk = (part, path) => {
    const own = resolve(part);
    for (const inner of [...(part.allOf ?? []), ...(own?.oneOf ?? []), ...(own?.allOf ?? [])]) walk(inner, path);
    if (isSection(part)) visit(nameOf(part), own, path);
    else if (part.$ref !== undefined && own?.title && own.type === "string" && own.enum === undefined)
      values.set(nameOf(part), { ...own, title: HEADINGS[nameOf(part)] ?? own.title });
    if (own?.propertyNames) walk(own.propertyNames, path);
    if (typeof own?.additionalProperties === "object") walk(own.additionalProperties, [...path, entryOf(path)]);
    if (own?.items) walk(own.items, [...path, 0]);
  };
  visit("topology", schema, []);

  const typeOf = (part) => {
    const name = part.$ref === undefined ? undefined : nameOf(part);
    const title = HEADINGS[name] ?? resolve(part).title;
    if (isSection(part) || values.has(name)) return `[${title}](#${anchor(title)})`;
    const own = part.$ref === undefined ? part : resolve(part);
    if (own.const !== undefined) return `\`${own.const}\``;
    if (own.enum) return own.enum.map((one) => `\`${one}\``).join(", ");
    const [inner] = own.allOf ?? [];
    if (inner) return typeOf(inner);
    if (own.oneOf) return own.oneOf.map(typeOf).join("; or ");
    if (own.type === "array") return `list of: ${typeOf(own.items)}`;
    if (own.type === "object") return `map of ${typeOf(own.propertyNames)} to: ${typeOf(own.additionalProperties)}`;
    if (own.type === "boolean") return "`true`, `false`";
    if (own.type === "integer")
      return Math.abs(own.minimum ?? 0) > 2 ** 32 ? "number" : `number, ${own.minimum} to ${own.maximum}`;
    return "text";
  };

  const all = sections.flatMap(({ keys }) => keys);
  return {
    ...{ sections, all, values: [...values.values()], resolve, typeOf },
    /** The key at a path of a file; an entry of a list or map counts as the key that holds it. */
    idOf(path) {
      let part = schema;
      let section = "topology";
      let id;
      for (const step of path) {
        const options = branches(part, resolve);
        const holder = options.find((one) => one.own.properties?.[step] !== undefined);
        if (holder !== undefined) {
          section = holder.name ?? section;
          part = holder.own.properties[step];
          id = sharedId(part) ?? `${section}.${step}`;
          continue;
        }
        const next = options
          .map(({ own }) => (typeof step === "number" ? own.items : own.additionalProperties))
          .find((one) => typeof one === "object");
        if (next === undefined) return id;
        part = next;
      }
      return id;
    },
    /** Where a section's keys stand: `services.NAME.vip`. */
    placesOf: (id) =>
      `\`${sections
        .find((one) => one.id === id)
        .path.map((step) => (step === 0 ? "[]" : step))
        .join(".")
        .replaceAll(".[]", "[]")}\``,
  };
}

/** A schema and all that it can be instead. */
function branches(part, resolve) {
  const own = resolve(part);
  const name = part.$ref?.split("/").at(-1);
  const inner = [...(own.allOf ?? []), ...(own.oneOf ?? [])].flatMap((one) => branches(one, resolve));
  return [{ own, name }, ...inner];
}

/** A key that is the same as another section's has its errors, too. */
function sharedId(part) {
  const [, section, key] = /^#\/definitions\/(\w+)\/properties\/(\w+)$/.exec(part.$ref ?? "") ?? [];
  return section && `${section}.${key}`;
}

function entryOf(path) {
  const [first] = path.slice(-1);
  return { hosts: "HOST", services: "SERVICE", networks: "SEGMENT", realServers: "HOST" }[first] ?? "NAME";
}

/** The anchor that a heading gets on GitHub. */
export function anchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

const BOUNDS = [
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "maxLength",
  "uniqueItems",
];

/**
 * The codes of the conditions that a key's own schema has, also for what its list or map holds, unless that has keys of its own.
 * `src/document/schema-problem.ts` says which code is for what.
 */
export function schemaCodes(schema, resolve) {
  const own = resolve(schema);
  if (own.properties !== undefined) return [];
  const inner = [...(own.oneOf ?? []), ...(own.allOf ?? []), own.items, own.additionalProperties, own.propertyNames];
  return [
    ...(own.enum !== undefined || own.const !== undefined ? ["LVS-CONFIG-013"] : []),
    ...(BOUNDS.some((bound) => own[bound] !== undefined) ? ["LVS-CONFIG-014"] : []),
    ...(own.pattern !== undefined ? ["LVS-CONFIG-015"] : []),
    ...inner.filter((one) => typeof one === "object").flatMap((one) => schemaCodes(one, resolve)),
  ];
}
