import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { connect } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { createMachine } from "../../../src/core/machine/create.ts";
import { startMachine, stopMachine } from "../../../src/core/machine/power.ts";
import { coreInProcess } from "../../support/machines/core-in-process.ts";
import {
  createTestMachine,
  type EngineAccess,
  machineIn,
  openSharedCacheStore,
} from "../../support/machines/machine.ts";
import { movingProvider } from "../../support/providers/moving-provider.ts";
import { createRequest } from "../../support/worlds/core-world.ts";

/** Without the variables of `tsmachine env`, so that contexts count. */
const plain = "unset DOCKER_HOST DOCKER_TLS_VERIFY DOCKER_CERT_PATH DOCKER_CONTEXT;";
const bootTimeoutMs = 5 * 60_000;
const askOs = "version --format '{{.Server.Os}}'";

describe("a machine of QEMU's whose Docker port was taken while it was off", () => {
  test("comes on at another one, says so, and docker reaches it by context and environment", async () => {
    await using machine = await createTestMachine();
    const { store, name } = machine;
    const { endpoint: from } = (await machine.inspect()).Record;
    await store.tsmachine("stop", name);
    const occupant = createServer().listen(from.dockerPort, "127.0.0.1");
    onTestFinished(() => void occupant.close());
    await once(occupant, "listening");
    const { stderr, exitCode } = await store.tsmachine("start", name);
    expect(exitCode).toBe(0);
    const { endpoint: to } = (await machine.inspect()).Record;
    expect(to.dockerPort).not.toBe(from.dockerPort);
    expect(stderr.split("\n")).toContain(
      `tsmachine: warning: machine "${name}" has moved: Docker port from ${from.dockerPort} to ${to.dockerPort}, SSH port from ${from.sshPort} to ${to.sshPort}; where its settings are in use, evaluate them again: eval "$(tsmachine env ${name})"; docker context "tsmachine-${name}" is up to date`,
    );
    const byContext = await store.shell(`${plain} docker --context tsmachine-${name} ${askOs}`);
    expect(byContext.stdout).toBe("linux\n");
    const byEnvironment = await machine.shell(`docker ${askOs} && echo $DOCKER_HOST`);
    expect(byEnvironment.stdout).toBe(`linux\ntcp://127.0.0.1:${to.dockerPort}\n`);
  });
});

// Other systems have no loopback address but 127.0.0.1 unless they are told to.
describe.skipIf(process.platform !== "linux")(
  "a machine whose address is another one at each start",
  () => {
    test("is given a certificate for it, by which docker trusts it there", async () => {
      await using store = await openSharedCacheStore();
      const core = coreInProcess(store, (all) => {
        const kvm = all.find(({ id }) => id === "kvm");
        if (kvm === undefined) throw new Error("there is no provider kvm");
        return movingProvider(kvm);
      });
      const { provider } = core;
      onTestFinished(() => provider.close());
      const machine = machineIn(store, "dev");
      const registered = () => contextText(join(dirname(store.path), "home/.docker"));
      const at = async (address: string) => {
        const { endpoint } = (await machine.inspect()).Record;
        expect(endpoint.address).toBe(address);
        const access = await machine.engineAccess();
        const certificate = await shownBy(access);
        expect(certificate.checkIP(address)).toBe(address);
        const folder = join(store.path, "machines/dev");
        expect(certificate.toString()).toBe(await readFile(join(folder, "server.pem"), "utf8"));
        expect(await readFile(join(folder, "known_hosts"), "utf8")).toMatch(
          new RegExp(`^\\[${address}\\]:${endpoint.sshPort} ssh-ed25519 `),
        );
        const url = `tcp://${address}:${endpoint.dockerPort}`;
        expect(await registered()).toContain(`"${url}"`);
        const files = `--tlscacert=${folder}/ca.pem --tlscert=${folder}/cert.pem --tlskey=${folder}/key.pem`;
        const asked = `docker -H ${url} --tlsverify ${files} ${askOs}; docker --context dev ${askOs}`;
        expect(await store.shell(`${plain} ${asked}`)).toMatchObject({ stdout: "linux\nlinux\n" });
        return certificate;
      };

      await provider.moveTo("127.0.0.2");
      await core.run((context) =>
        createMachine(
          context,
          createRequest({
            ...{ providerId: "kvm", providerOptions: { memoryMiB: 1024, diskSizeMiB: 4096 } },
            ...{ registersContext: true, bootTimeoutMs },
          }),
        ),
      );
      expect(core.complained()).toContain("Giving the engine a certificate for 127.0.0.2");
      expect(core.complained()).not.toContain("has moved");
      await at("127.0.0.2");

      await core.run((context) => stopMachine(context, "dev"));
      await provider.moveTo("127.0.0.3");
      expect(await core.run((context) => startMachine(context, "dev", { bootTimeoutMs }))).toBe(
        "changed",
      );
      expect(core.complained()).toContain(
        'tsmachine: warning: machine "dev" has moved: address from 127.0.0.2 to 127.0.0.3; where its settings are in use, evaluate them again: eval "$(tsmachine env dev)"; docker context "dev" is up to date\n',
      );
      const certificate = await at("127.0.0.3");
      expect(certificate.checkIP("127.0.0.2")).toBeUndefined();
    });
  },
);

/** The certificate that the engine shows to a client of the store. */
async function shownBy(access: EngineAccess): Promise<X509Certificate> {
  const socket = connect(access);
  try {
    await once(socket, "secureConnect");
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error("the engine has shown no certificate");
    return certificate;
  } finally {
    socket.destroy();
  }
}

/** What docker's CLI knows of the only context there is. */
async function contextText(dockerConfig: string): Promise<string> {
  const metas = join(dockerConfig, "contexts/meta");
  const [folder = ""] = await readdir(metas);
  return readFile(join(metas, folder, "meta.json"), "utf8");
}
