import { existsSync } from "node:fs";
import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { arch, platform, stdout } from "node:process";
import { TsmachineError } from "../../src/errors/tsmachine-error.ts";
import { run } from "../../src/host/processes/run.ts";
import { carryOut } from "../host-packages/carry-out.ts";
import { isOnPath } from "../host-packages/facts.ts";
import { type HostFacts, planPackages } from "../host-packages/plan.ts";

/**
 * A root file system of Debian with VirtualBox in it, for tests of everything but starting a machine:
 * Debian 12 and 13 have no package of it, and the kernel driver is not needed. Outside the clone, since
 * it takes a minute and 700 MB.
 */
export const virtualBoxRoot = "/var/cache/tsmachine-tests/virtualbox-root";

/** VirtualBox is in component contrib of Debian's unstable suite alone. */
const suite = "sid";

const minutesMs = 60_000;

/** Makes that root file system unless VirtualBox is there in one way or the other. Says so where it cannot. */
export async function installVirtualBox(facts: HostFacts, signal: AbortSignal): Promise<void> {
  if (existsSync(virtualBoxRoot) || (await isOnPath("VBoxManage"))) return;
  const isPossible = platform === "linux" && arch === "x64" && facts.isRoot;
  if (!isPossible) return say("only root of a Linux host can have one without installing it");
  const plan = planPackages(["debootstrap"], facts);
  const purpose = "tests against VirtualBox need debootstrap";
  if (!(await isOnPath("debootstrap")) && (await carryOut(plan, purpose, signal)).kind === "left") {
    return say("there is no debootstrap");
  }
  try {
    await makeRoot(facts, signal);
  } catch (error) {
    if (!(error instanceof TsmachineError)) throw error;
    say(error.message);
  }
}

async function makeRoot({ mirrors }: HostFacts, signal: AbortSignal): Promise<void> {
  const [mirror] = mirrors;
  if (mirror === undefined) return say("this host's apt names no mirror");
  stdout.write("==> Making a root file system with VirtualBox, for tests\n");
  const partial = `${virtualBoxRoot}.partial`;
  await rm(partial, { recursive: true, force: true });
  const options = { signal, timeoutMs: 10 * minutesMs };
  const kind = ["--variant=minbase", "--components=main,contrib"];
  await run("debootstrap", [...kind, suite, partial, mirror], options);
  // Its services must not start on this host, and what would be lost by a power cut is made again.
  await writeFile(join(partial, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  await appendFile(join(partial, "etc/dpkg/dpkg.cfg.d/tests"), "force-unsafe-io\n");
  const install = "apt-get -y --no-install-recommends install virtualbox && apt-get clean";
  const inRoot = `mount -t proc proc proc && mount --bind /dev dev && exec chroot . sh -c "${install}"`;
  await run("unshare", ["--mount", "sh", "-c", inRoot], {
    ...{ ...options, cwd: partial, environment: { DEBIAN_FRONTEND: "noninteractive" } },
  });
  await rename(partial, virtualBoxRoot);
}

function say(reason: string): void {
  stdout.write(`==> Going on without VirtualBox, which some tests need: ${reason}\n`);
}
