import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Cell, Workload } from "../../../src/matrix/definition/matrix.ts";
import { type RunOptions, runMatrix } from "../../../src/matrix/run/run-matrix.ts";
import { fakeKernel } from "../images/fake-images-packages.ts";
import { startSshServer } from "../network/ssh-server.ts";
import { createFakeProvider, type FakeProvider } from "../providers/fake-provider.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { coreWorld } from "../worlds/core-world.ts";

/** What the fake archive has, by the names that cells have for it. */
const standard = { "6.12": { kind: "default" }, "26.1": { kind: "default" } } as const;

/**
 * Matrices whose machines are the fake provider's. Their guests are this host: each has an SSH server whose commands run
 * here, and their kernel's messages and release are what a test says they are.
 */
export async function matrixWorld(
  provider: FakeProvider = createFakeProvider({ capabilities: { kernelArguments: true } }),
) {
  const world = await coreWorld({ provider });
  const { context } = world;
  const folder = await temporaryDirectory();
  const messages = join(folder, "messages");
  await writeFile(messages, "");
  await writeFile(join(folder, "sudo"), `#!/bin/sh\nexec cat '${messages}'\n`);
  await chmod(join(folder, "sudo"), 0o755);
  const release = join(folder, "release");
  await writeFile(release, fakeKernel);
  await writeFile(join(folder, "uname"), `#!/bin/sh\nexec cat '${release}'\n`);
  await chmod(join(folder, "uname"), 0o755);
  const engineStart = join(folder, "engine-start");
  await writeFile(engineStart, "1\n");
  await writeFile(join(folder, "awk"), `#!/bin/sh\nexec cat '${engineStart}'\n`);
  await chmod(join(folder, "awk"), 0o755);
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
  onTestFinished(() => void vi.unstubAllEnvs());
  provider.guest = "serving";
  provider.whenOn = async (name, { sshPort }) => {
    const wanted = ["sshPublicKey", "sshHostKey"] as const;
    const { sshPublicKey, sshHostKey } = await context.store.readMachineFiles(name, wanted);
    if (sshPublicKey === undefined || sshHostKey === undefined) throw new Error("no keys");
    const keys = { hostKeys: [sshHostKey], authorizedKey: sshPublicKey };
    await startSshServer({ ...keys, port: sshPort });
  };
  return {
    ...world,
    /** What uname prints in the guests from now on; that of their image unless said. */
    callKernel: (text: string) => writeFile(release, text),
    /** The guests' file that has when their engine started, or fails to be read where there is none. */
    engineStart,
    /** What dmesg prints in the guests from now on. */
    sayAsKernel: (text: string) => writeFile(messages, text),
    run: (cells: readonly Cell[], changes: Partial<RunOptions> = {}) =>
      runMatrix(
        context,
        { name: "sample", kernels: standard, engines: standard, cells },
        {
          ...{ providerId: provider.id, bootTimeoutMs: 10_000, jobs: 1, failsFast: false },
          ...{ keepsFailed: false, platform: process.platform, environment: process.env },
          tsmachineVersion: "0.1.0",
          ...changes,
        },
      ),
  };
}

/** A cell whose workload is this text for sh, run on this host. */
export function shellCell(
  name: string,
  text: string,
  { workload = {}, ...changes }: Partial<Omit<Cell, "workload">> & { workload?: Partial<Workload> },
): Cell {
  return {
    ...{ id: "6.12/26.1", axes: { kernel: "6.12", engine: "26.1" } },
    ...changes,
    workload: {
      ...{ name, load: [], copy: [], command: ["sh", "-c", text], runs: "host" },
      ...{ directory: "/", timeoutMs: 20_000, kernelArguments: [], allowedSplats: [] },
      ...workload,
    },
  };
}
