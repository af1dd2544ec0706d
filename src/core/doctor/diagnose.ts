import type { Provider } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { checkGarbage } from "./check-garbage.ts";
import { checkMemory, checkNode, checkProgram, type HostFacts } from "./check-host.ts";
import { checkAuthority, checkDisk, checkImages, checkStore } from "./check-store.ts";
import type { Finding } from "./finding.ts";

/** Looks at everything that machines need of this host; changes nothing and never throws for what it finds. */
export async function diagnose(context: Context, host: HostFacts): Promise<readonly Finding[]> {
  return Promise.all([
    checkNode(host),
    ...(await context.providers())
      .filter(({ capabilities }) => capabilities.ownsInstance)
      .map((provider) => checkProvider(context, provider)),
    checkMemory(),
    checkDisk(context),
    checkStore(context),
    checkAuthority(context),
    checkImages(context),
    checkGarbage(context),
    checkProgram(host, "ssh", "tsmachine's own SSH client serves in its place"),
    checkProgram(
      host,
      "docker",
      "machines work without; install the docker CLI to use them from here",
    ),
  ]);
}

async function checkProvider(context: Context, provider: Provider): Promise<Finding> {
  const health = await provider.check(operationFor(context));
  const common = { check: `provider ${provider.id}`, needed: "a hypervisor that can be started" };
  if (health.state !== "ready") {
    return { ...common, verdict: "problem", found: health.problem, remedy: health.hint };
  }
  const [note] = health.notes;
  const found = health.version;
  return note === undefined
    ? { ...common, verdict: "ok", found }
    : { ...common, verdict: "advice", found, remedy: note };
}
