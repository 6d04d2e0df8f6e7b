/** Our own web server for test pages. */
import { absolutePath } from "./absolute-path.ts";
import { outputOf } from "./outputs.ts";
import { CLIENTS_FOLDERS, chooseServer, pagesLaunch, parseStatLinks } from "./server/programs.ts";
import { type ServerState, serverKind } from "./server/server-kind.ts";
import { serverFolders } from "./server/server-script.ts";

/** A web server of ours that serves a folder. */
export interface WebServerState extends ServerState {
  /** The folder with its pages. */
  readonly root: string;
}

/** Web servers, with whatever program the host has for it. */
export const webServer = serverKind<WebServerState>({
  kind: "web-server",
  schema: {
    type: "object",
    required: ["port", "root"],
    additionalProperties: false,
    properties: {
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65535,
        description: "The TCP port, on all addresses of the host, IPv4 and IPv6.",
      },
      root: {
        type: "string",
        pattern: "^(/[A-Za-z0-9._+@-]+)+$",
        description: "The folder with the pages; index.html is the first one.",
      },
    },
  },
  resolve: ({ port, root }) => [{ port: Number(port), root: absolutePath(String(root)), running: true }],
  key: ({ port }) => `port ${port}`,
  fields: { port: true, running: true, root: true },
  describe: ({ port, root }) => `web server on port ${port} for ${root}`,

  protocol: () => "tcp",
  served: "root",
  readServed: (links) => ["stat", "-c", "%N", ...links],
  parseServed: parseStatLinks,
  alsoRead: [
    { name: "web-server-owners", argv: ["ss", "-ltnp"] },
    { name: "web-server-applets", argv: ["busybox", "--list"] },
  ],
  choose: (files, outputs) => chooseServer(files, new Set(outputOf(outputs, "web-server-applets").stdout.split("\n"))),
  bringing: (manager) => manager,
  launch: (server, folder, { port, root }) => ({ ...pagesLaunch(server, folder, port), root }),

  givesAway: (topology) => CLIENTS_FOLDERS.map((name) => `${serverFolders(topology, "tcp")}/${name}`),
  portTaken: ({ port }, owner) => ({
    message: `Port ${port} is taken by ${owner}; lvsctl did not start it.`,
    hint: "Stop it, or remove testPage from the service and let its own pages answer.",
  }),
  nothingToServeWith: {
    message: "There is no Apache, nginx, BusyBox httpd or Python 3, and no package manager that lvsctl knows.",
    hint: "Install one of them by hand, or remove testPage from the service.",
  },
});
