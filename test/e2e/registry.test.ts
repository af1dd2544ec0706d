import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../src/certs/authority.ts";
import { poll } from "../../src/host/poll.ts";
import {
  machineIn,
  openSharedCacheStore,
  smallMachine,
  type TestMachine,
} from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";
import { mayMount } from "../support/may-mount.ts";
import { startNameServer } from "../support/network/name-server.ts";
import { startProxy } from "../support/network/proxy-server.ts";
import { hasRegistry, type Registry, startRegistry } from "../support/registry/registry.ts";

/** Where the guest reaches this host's loopback address. */
const host = "10.0.2.2";
const names = [
  ...["registry.example", "registry.tests.example", "registry", "moved.example"],
  "listed.example",
];

/** What this host's user may have set, which is none of these tests'. */
const plainEnvironment = Object.fromEntries(
  [
    ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
    ...["NODE_EXTRA_CA_CERTS", "TSMACHINE_CA_FILE", "ENGINE_REGISTRY_MIRROR"],
  ].map((name) => [name, ""]),
);

describe.skipIf(!hasRegistry)("a registry (skipped where there is no docker-registry)", () => {
  let folder: string;
  let caFile: string;
  let machine: TestMachine;
  /** Behind TLS with a certificate of an authority that nobody else knows. */
  let secure: Registry;
  /** The same images by plain HTTP. */
  let plain: Registry;

  const shell = (script: string, environment: Record<string, string> = {}) =>
    machine.shell(script, { environment: { ...plainEnvironment, ...environment } });
  const tsmachine = async (words: string, environment: Record<string, string> = {}) => {
    const done = await machine.store.shell(`tsmachine ${words}`, {
      environment: { ...plainEnvironment, ...environment },
    });
    if (done.exitCode !== 0) throw new Error(`tsmachine ${words}: ${done.stderr}`);
    return done;
  };
  const at = (place: string, { port }: Registry, image = tinyImage) => `${place}:${port}/${image}`;
  const push = (image: string) =>
    shell(`docker tag ${tinyImage} ${image} && docker push ${image} && docker rmi ${image}`);
  const pull = (image: string) => shell(`docker pull ${image} && docker rmi ${image}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tsmachine-registries-"));
    const authority = await createAuthority({ now: new Date() });
    caFile = join(folder, "ca.crt");
    await writeFile(caFile, authority.certificate);
    const storage = join(folder, "images");
    secure = await startRegistry({ storage, tls: { authority, subjectNames: [host, ...names] } });
    plain = await startRegistry({ storage });
    machine = machineIn(await openSharedCacheStore(), "default");
    await tsmachine(`create ${smallMachine.join(" ")} --ca-cert ${caFile} default`);
    await importTinyImage(machine);
  });
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    for (const registry of [secure, plain]) await registry?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  describe("of a private authority", () => {
    test("takes and gives images once `create --ca-cert` has named the authority", async () => {
      const image = at(host, secure);
      expect(await push(image)).toMatchObject({ exitCode: 0 });
      expect(await pull(image)).toMatchObject({ exitCode: 0 });
      const answers = await secure.answers();
      const place = `${host}:${secure.port}/v2/tiny`;
      expect(answers).toContain(`PUT ${place}/manifests/1 201`);
      expect(answers).toContainEqual(
        expect.stringMatching(`^(GET|HEAD) ${place}/manifests/.* 200`),
      );
    });

    test("is refused when provision has taken the authority away", async () => {
      await tsmachine("provision --ca-cert ''");
      const { exitCode, stderr } = await pull(at(host, secure));
      expect(exitCode).toBe(1);
      expect(stderr).toContain("certificate signed by unknown authority");
    });

    test("is trusted with an authority of this host's own", async () => {
      await tsmachine("provision", { NODE_EXTRA_CA_CERTS: caFile });
      expect(await pull(at(host, secure))).toMatchObject({ exitCode: 0 });
    });

    test("is trusted after a start, too, when provision has named the authority", async () => {
      await tsmachine(`provision --ca-cert ${caFile}`);
      await tsmachine("restart");
      expect(await pull(at(host, secure))).toMatchObject({ exitCode: 0 });
    });
  });

  test("that only a proxy reaches is reached through it, by name and with a password that nobody sees", async () => {
    const image = at("registry.example", secure);
    expect(await pull(image)).not.toMatchObject({ exitCode: 0 });
    const target = `http://127.0.0.1:${secure.port}`;
    const { uri, requests } = await startProxy({ credentials: "jo:s3cr3t", target });
    const proxy = uri.replace("//", "//jo:s3cr3t@");
    const said = await tsmachine("--debug provision", { https_proxy: proxy });
    expect(await pull(image)).toMatchObject({ exitCode: 0 });
    expect(requests).toContain(`CONNECT registry.example:${secure.port}`);
    expect(await secure.answers()).toContainEqual(
      expect.stringMatching(/^\w+ registry\.example:\d+\/v2\/tiny\/manifests\/.* 200/),
    );

    requests.length = 0;
    expect(await pull(at(host, secure))).toMatchObject({ exitCode: 0 });
    expect(requests).toEqual([]);
    const variables = await machine.guest(
      "sudo cat /proc/$(pidof dockerd)/environ | tr '\\0' '\\n'",
    );
    expect(variables).toMatch(/^NO_PROXY=default,10\.0\.2\.15,10\.0\.2\.2$/m);

    expect(`${said.stdout}${said.stderr}`).not.toContain("s3cr3t");
    const inGuest = "sudo sh -c 'cat /var/log/*; cat /proc/[0-9]*/cmdline; ls -l /etc/environment'";
    const guest = await machine.guest(inGuest);
    expect(guest).not.toContain("s3cr3t");
    expect(guest).toContain("-rw-------");
    const directory = join(machine.store.path, "machines/default");
    for (const name of (await readdir(directory)).filter((one) => /\.(json|log)/.test(one))) {
      expect(await readFile(join(directory, name), "latin1"), name).not.toContain("s3cr3t");
    }
    await tsmachine("provision");
    expect(await pull(image)).not.toMatchObject({ exitCode: 0 });
  });

  test("is a mirror of Docker's own with --engine-registry-mirror", async () => {
    expect(await push(at(host, secure, "library/mirrored:1"))).toMatchObject({ exitCode: 0 });
    await tsmachine(`provision --engine-registry-mirror http://${host}:${plain.port}`);
    expect(await pull("mirrored:1")).toMatchObject({ exitCode: 0 });
    const place = `${host}:${plain.port}/v2/library/mirrored`;
    expect(await plain.answers()).toContainEqual(
      expect.stringMatching(`^(GET|HEAD) ${place}/manifests/.* 200`),
    );
  });

  test("without TLS is used with --engine-insecure-registry alone", async () => {
    const image = at(host, plain, "insecure:1");
    expect((await push(image)).stderr).toContain("server gave HTTP response to HTTPS client");
    await tsmachine(`provision --engine-insecure-registry ${host}:${plain.port}`);
    expect(await push(image)).toMatchObject({ exitCode: 0 });
    expect(await pull(image)).toMatchObject({ exitCode: 0 });
    const place = `${host}:${plain.port}/v2/insecure`;
    const answers = await plain.answers();
    expect(answers).toContain(`PUT ${place}/manifests/1 201`);
    expect(answers).toContainEqual(expect.stringMatching(`^(GET|HEAD) ${place}/manifests/.* 200`));
  });

  test("is found by the names that this host resolves, in its hosts file too, and when its resolv.conf has changed (skipped where nothing may be mounted)", async ({
    skip,
  }) => {
    skip(!(await mayMount()), "nothing may be mounted");
    await startNameServer("127.0.0.153", { "registry.tests.example": host });
    await startNameServer("127.0.0.154", { "moved.example": host });
    const resolvConf = join(folder, "resolv.conf");
    await writeFile(resolvConf, "search tests.example\nnameserver 127.0.0.153\n");
    const hosts = join(folder, "hosts");
    await writeFile(hosts, "127.0.0.1 localhost listed.example\n192.0.2.7 other.example\n");
    // tsmachine and QEMU alone see those files in place of this host's.
    const mount = `mount --bind ${hosts} /etc/hosts && mount --bind ${resolvConf} /etc/resolv.conf`;
    const start = `${mount} && exec tsmachine restart`;
    const restarted = await shell(`unshare --mount sh -c '${start}'`);
    expect(restarted).toMatchObject({ exitCode: 0 });
    expect(await machine.guest("cat /etc/resolv.conf")).toBe(
      "search tests.example\nnameserver 10.0.2.3\n",
    );
    expect(await machine.guest("tail -n 2 /etc/hosts")).toBe(
      `${host}\tlisted.example\n192.0.2.7\tother.example\n`,
    );
    expect(await pull(at("registry", secure))).toMatchObject({ exitCode: 0 });
    expect(await pull(at("listed.example", secure))).toMatchObject({ exitCode: 0 });
    const moved = at("moved.example", secure);
    expect(await pull(moved)).not.toMatchObject({ exitCode: 0 });

    await writeFile(resolvConf, "# changed\nnameserver 127.0.0.154\n");
    await poll(async () => (await pull(moved)).exitCode === 0 || undefined, {
      ...{ waitingFor: "the new name server", everyMs: 1_000, timeoutMs: 30_000 },
      signal: new AbortController().signal,
    });
    const answers = await secure.answers();
    for (const name of ["registry", "listed.example", "moved.example"]) {
      expect(answers).toContainEqual(
        expect.stringMatching(`^\\w+ ${name}:\\d+/v2/tiny/manifests/`),
      );
    }
  });
});
