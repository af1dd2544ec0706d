// A machine's agent: `tsmachine __agent STORE MACHINE`, which commands start and nobody types.
import * as z from "zod";
import { runAgent } from "../../core/agent/run-agent.ts";
import { messageOf } from "../../errors/message-of.ts";
import { openStore } from "../../store/open-store.ts";
import { templatesFolder } from "../package.ts";
import { boundedLog } from "./bounded-log.ts";

const [, , , root = "", name = ""] = process.argv;
const cancellation = new AbortController();
const log = boundedLog(
  (text) => process.stderr.write(text),
  () => new Date(),
);

z.config({ jitless: true });
process.on("SIGTERM", () => cancellation.abort());
// It belongs to no terminal: what ends a command there does not end it.
process.on("SIGINT", () => {}).on("SIGHUP", () => {});

runAgent(
  {
    store: openStore(root),
    providers: async () => {
      const { createProviders } = await import("../providers.ts");
      return createProviders({ environment: process.env, platform: process.platform });
    },
    templates: templatesFolder(),
    signal: cancellation.signal,
    log,
  },
  name,
).then(
  // Whatever is still open is of no use any more.
  () => process.exit(0),
  (error: unknown) => {
    if (cancellation.signal.aborted) process.exit(0);
    log(`ended: ${messageOf(error)}`);
    process.exit(1);
  },
);
