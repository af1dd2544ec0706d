import { dirname, join } from "node:path";
import { createCli } from "../../../src/cli/create-cli.ts";
import { createProviders } from "../../../src/cli/providers.ts";
import type { Context } from "../../../src/core/context.ts";
import type { Provider } from "../../../src/providers/provider.ts";
import { recordedParts } from "../worlds/cli-parts.ts";
import type { TestStore } from "./tsmachine.ts";

/** Core at work on a test's store in the process of the test, with one provider of the test's own. */
export interface CoreInProcess<P extends Provider> {
  readonly provider: P;
  run<T>(action: (context: Context) => Promise<T>): Promise<T>;
  /** What went to stderr so far: steps and warnings. */
  complained(): string;
}

/** `choose` makes the provider out of all that tsmachine has. */
export function coreInProcess<P extends Provider>(
  store: TestStore,
  choose: (providers: readonly Provider[]) => P,
): CoreInProcess<P> {
  const home = join(dirname(store.path), "home");
  const environment = { ...process.env, DOCKER_CONFIG: join(home, ".docker") };
  const parts = recordedParts({ environment, platform: process.platform });
  const cli = createCli(parts, {
    command: "start",
    globals: {
      ...{ storagePath: store.path, debug: false, quiet: false, nativeSsh: false },
      tlsPaths: { ca: "", caKey: "", certificate: "", key: "" },
    },
    endWith: () => {},
  });
  const provider = choose(createProviders(parts));
  return {
    provider,
    run: (action) =>
      cli.withContext((context) => action({ ...context, providers: async () => [provider] })),
    complained: parts.complained,
  };
}
