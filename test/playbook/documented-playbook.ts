import { readFileSync } from "node:fs";

const page = readFileSync(new URL("../../docs/playbooks.md", import.meta.url), "utf8");
const [, text = ""] = /```yaml\n(# dr-redirect\.yaml\n[\s\S]*?)```/.exec(page) ?? [];

/** The complete example of docs/playbooks.md. */
export const documentedPlaybook = text;
