import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Dockerode from "dockerode";
import { beforeAll, describe, expect, test } from "vitest";
import { createAuthority } from "../../src/certs/authority.ts";
import { issueClientCertificate } from "../../src/certs/issue.ts";
import {
  createTestMachine,
  type EngineAccess,
  type TestMachine,
} from "../support/machines/machine.ts";
import { importTinyImage, tinyImage } from "../support/machines/machine-rootfs.ts";

let machine: TestMachine;
let access: EngineAccess;
beforeAll(async () => {
  machine = await createTestMachine(["--tls-san", "engine.example"]);
  access = await machine.engineAccess();
  return () => machine[Symbol.asyncDispose]();
});

describe("dockerode, with the same certificates", () => {
  const connect = () => new Dockerode({ protocol: "https", ...access });

  test("asks for the version", async () => {
    expect(await connect().version()).toMatchObject({ Os: "linux", Arch: expect.any(String) });
  });

  test("runs a container and reads what it prints", async () => {
    await importTinyImage(machine);
    const output = new PassThrough();
    const [{ StatusCode }] = await connect().run(tinyImage, ["echo", "by dockerode"], output, {
      Tty: true,
      HostConfig: { AutoRemove: true },
    });
    output.end();
    expect(StatusCode).toBe(0);
    expect(await text(output)).toBe("by dockerode\r\n");
  });

  test("follows a long-running container: exec, logs, volume and removal", async () => {
    const docker = connect();
    const container = await docker.createContainer({
      Image: tinyImage,
      Cmd: ["sh", "-c", "echo begun; exec sleep 600"],
      HostConfig: { Binds: ["from-dockerode:/kept"], Init: true },
    });
    await container.start();
    const execution = await container.exec({
      Cmd: ["sh", "-c", "echo content | tee /kept/file"],
      AttachStdout: true,
      Tty: true,
    });
    const stream = await execution.start({ hijack: true, Tty: true });
    expect(await text(stream)).toBe("content\r\n");
    expect(String(await container.logs({ stdout: true }))).toContain("begun");
    await container.remove({ force: true });
    const { Volumes } = await docker.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).toContain("from-dockerode");
  });
});

describe("the engine refuses", () => {
  test("a client of another authority", async () => {
    const stranger = await createAuthority({ now: new Date() });
    const { certificate: cert, key } = await issueClientCertificate(stranger, { now: new Date() });
    await expect(ping({ ...access, cert, key })).rejects.toThrow(/alert|ECONNRESET|hang up/);
  });

  test("a client without a certificate", async () => {
    const { cert, key, ...nobody } = access;
    await expect(ping(nobody)).rejects.toThrow(/alert|ECONNRESET|hang up/);
  });

  test("plain HTTP", async () => {
    const response = await fetch(`http://${access.host}:${access.port}/_ping`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("HTTPS server");
  });

  test("a docker client that does without TLS", async () => {
    const { exitCode, stderr } = await machine.store.shell(
      `docker -H tcp://${access.host}:${access.port} version`,
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("HTTPS server");
  });
});

describe("the machine's endpoint", () => {
  test("has a certificate for its names and addresses", async () => {
    for (const servername of ["localhost", "default", "engine.example"]) {
      expect(await ping({ ...access, servername })).toBe("OK");
    }
    await expect(ping({ ...access, servername: "other.example" })).rejects.toThrow(/altnames/);
  });

  test("listens on 127.0.0.1 and on no other address", async () => {
    const { sshPort, dockerPort } = (await machine.inspect()).Record.endpoint;
    const listeners = [
      ...(await listenersIn("/proc/net/tcp")),
      ...(await listenersIn("/proc/net/tcp6")),
    ];
    for (const wanted of [sshPort, dockerPort]) {
      const addresses = listeners.filter(({ port }) => port === wanted);
      expect(addresses.map(({ address }) => address)).toEqual([loopback]);
    }
  });
});

/** The body of the answer to a ping; rejects when the handshake or the connection fails. */
function ping(options: Partial<EngineAccess> & { servername?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, path: "/_ping", agent: false }, (response) =>
      resolve(text(response)),
    );
    asked.on("error", reject).end();
  });
}

/** 127.0.0.1 as proc(5) writes it: little-endian. */
const loopback = "0100007F";
const listening = "0A";

async function listenersIn(table: string): Promise<{ address: string; port: number }[]> {
  const [, ...lines] = (await readFile(table, "utf8")).trim().split("\n");
  return lines.flatMap((line) => {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    return state === listening ? [{ address, port: Number.parseInt(port, 16) }] : [];
  });
}
