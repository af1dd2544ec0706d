import type { Health, Provider } from "../../providers/provider.ts";
import { type Context, operationFor } from "../context.ts";
import { checkGarbage } from "./check-garbage.ts";
import { checkMemory, checkNode, checkProgram, type HostFacts } from "./check-host.ts";
import { checkAuthority, checkDisk, checkImages, checkStore } from "./check-store.ts";
import type { Finding } from "./finding.ts";

/** Looks at everything that machines need of this host; changes nothing and never throws for what it finds. */
export async function diagnose(context: Context, host: HostFacts): Promise<readonly Finding[]> {
  return Promise.all([
    checkNode(host),
    ...(await checkProviders(context)),
    checkMemory(),
    checkDisk(context),
    checkStore(context, host),
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

/** One provider that works is enough: another that is not installed is then nothing to mend. */
async function checkProviders(context: Context): Promise<readonly Finding[]> {
  const owning = (await context.providers()).filter(
    ({ capabilities }) => capabilities.ownsInstance,
  );
  const healths = await Promise.all(
    owning.map(async (provider) => ({
      provider,
      health: await provider.check(operationFor(context)),
    })),
  );
  const isOneReady = healths.some(({ health }) => health.state === "ready");
  return healths.map(({ provider, health }) => {
    const check = `provider ${provider.id}`;
    if (health.state === "unsupported") {
      return { check, needed: "nothing", verdict: "ok", found: `not here: ${health.problem}` };
    }
    return isOneReady && health.state === "missing"
      ? {
          ...{ check, needed: "nothing, as another provider is ready" },
          ...{ verdict: "ok", found: "not installed" },
        }
      : findingOf(provider, health);
  });
}

function findingOf({ id }: Provider, health: Health): Finding {
  const common = { check: `provider ${id}`, needed: "a hypervisor that can be started" };
  if (health.state !== "ready") {
    return { ...common, verdict: "problem", found: health.problem, remedy: health.hint };
  }
  const found = health.version;
  if (health.notes.length === 0) return { ...common, verdict: "ok", found };
  return { ...common, verdict: "advice", found, remedy: health.notes.join("; ") };
}
