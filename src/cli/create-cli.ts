import { homedir } from "node:os";
import { join } from "node:path";
import { platform } from "node:process";
import type { Context } from "../core/context.ts";
import { proxyVariables } from "../core/engine/engine-environment.ts";
import { authorityFolders } from "../host/files/authority-files.ts";
import { hostsFilePath, readHostsFile } from "../host/files/hosts-file.ts";
import { openStore } from "../store/open-store.ts";
import { hostAuthorityFiles } from "./authority-files.ts";
import type { Cli, ProcessParts } from "./cli.ts";
import { callByName } from "./compat/call-by-name.ts";
import { dockerMachineProgress } from "./compat/progress.ts";
import { hostArchitecture } from "./host-architecture.ts";
import { openHttpClient } from "./open-http-client.ts";
import { cleanLine } from "./output/clean-terminal-text.ts";
import { templatesFolder } from "./package.ts";
import { createPackageSource } from "./package-source.ts";
import { patienceFrom } from "./patience.ts";
import { progressStyle } from "./tasks/progress-style.ts";
import { withProgress } from "./tasks/with-progress.ts";

/** What is known before the command's own flags are. */
interface CalledCommand extends Pick<Cli, "globals" | "endWith"> {
  /** Its name, such as "create". */
  readonly command: string;
}

/** Composes what core works with. */
export function createCli(parts: ProcessParts, { command, globals, endWith }: CalledCommand): Cli {
  const { environment, output, programName, signal } = parts;
  const providers = async () => {
    const { createProviders } = await import("./providers.ts");
    return createProviders(parts);
  };
  const called = (text: string) => callByName(programName, text);
  return {
    ...parts,
    globals,
    providers,
    callByName: called,
    endWith,
    withContext: async (action, { mirror, allowExpired, progress = "shown" } = {}) => {
      const style = progressStyle({
        ...{ quiet: globals.quiet || progress === "silent", debug: globals.debug },
        ...{ stream: output.stderr, environment },
      });
      const store = openStore(globals.storagePath);
      // Printed at the end: a line in between would tear the list that is redrawn in place.
      const warnings = new Set<string>();
      const warn = (text: string) =>
        warnings.add(`${programName}: warning: ${called(cleanLine(text))}\n`);
      const context: Omit<Context, "progress"> = {
        store,
        providers,
        templates: templatesFolder(),
        dockerConfig: environment.DOCKER_CONFIG || join(homedir(), ".docker"),
        packageSource: createPackageSource({ parts, store, mirror, allowExpired, warn }),
        http: async () => openHttpClient({ environment, config: await store.readConfig() }),
        architecture: hostArchitecture(),
        patience: patienceFrom(environment),
        proxies: proxyVariables(environment),
        authorityFiles: async () =>
          hostAuthorityFiles({ environment, config: await store.readConfig() }, authorityFolders),
        hostsFile: () => readHostsFile(hostsFilePath(platform, environment)),
        spawnAgent: async (name, logPath) => {
          const { spawnAgent } = await import("./agent/spawn-agent.ts");
          await spawnAgent({ root: store.layout.root, name, logPath, environment });
        },
        signal,
        now: () => new Date(),
        warn,
      };
      const shown = { style, stream: output.stderr, now: () => performance.now() };
      try {
        if (programName === "docker-machine" && style === "plain" && !globals.debug) {
          const progress = dockerMachineProgress(logOf(parts), command);
          return await action({ ...context, progress });
        }
        return await withProgress(shown, (reported) => action({ ...context, progress: reported }));
      } finally {
        for (const line of warnings) output.stderr.write(line);
      }
    },
  };
}

/** docker-machine prints its lines to stdout, which `--json` keeps for the result. */
function logOf({ output, answers }: ProcessParts) {
  return answers === "json" ? output.stderr : output.stdout;
}
