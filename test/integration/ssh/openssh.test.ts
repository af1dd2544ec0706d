import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../../../src/host/processes/run.ts";
import { knownHostsLine } from "../../../src/ssh/host-key.ts";
import { createKeyPair } from "../../../src/ssh/key-pair.ts";
import { opensshArguments } from "../../../src/ssh/openssh-arguments.ts";
import { openSession } from "../../../src/ssh/session.ts";
import { startSshServer } from "../../support/network/ssh-server.ts";
import { findSshd, startSshd } from "../../support/network/sshd.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const { signal } = new AbortController();

/** A folder with a machine's keys, under a path that needs care. */
async function prepareKeys() {
  const directory = join(await temporaryDirectory(), 'my 100% "machines"');
  await mkdir(directory);
  const host = await createKeyPair({ comment: "host" });
  const user = await createKeyPair({ comment: "user" });
  const privateKeyPath = join(directory, "id_rsa");
  await writeFile(privateKeyPath, user.privateKey, { mode: 0o600 });
  return { directory, host, authorizedKey: user.publicKey, privateKeyPath };
}

describe("ssh-keygen", () => {
  test("reads the private key made here and gets the same public key from it", async () => {
    const { privateKeyPath, authorizedKey } = await prepareKeys();
    const { stdout } = await run("ssh-keygen", ["-y", "-f", privateKeyPath]);
    expect(stdout).toBe(`${authorizedKey}\n`);
  });
});

describe("the OpenSSH client, with the arguments made here", () => {
  async function prepare() {
    const { directory, host, authorizedKey, privateKeyPath } = await prepareKeys();
    const { port } = await startSshServer({ hostKeys: [host.privateKey], authorizedKey });
    const address = "127.0.0.1";
    const knownHostsPath = join(directory, "known_hosts");
    const pin = (hostKey: string) =>
      writeFile(knownHostsPath, knownHostsLine({ address, port, hostKey }));
    await pin(host.publicKey);
    return { target: { address, port, user: "docker", privateKeyPath, knownHostsPath }, pin };
  }

  test("runs a command, passes input on and gives back its exit status", async () => {
    const { target } = await prepare();
    const command = ["cat;", "exit", "7"];
    const result = await run("ssh", opensshArguments(target, { command }), {
      input: "typed\n",
      acceptExitCodes: "all",
    });
    expect(result).toEqual({ stdout: "typed\n", stderr: "", exitCode: 7 });
  });

  test("leaves the command's options alone and obeys its own", async () => {
    const { target } = await prepare();
    const options = ["-o", "RequestTTY=force"];
    const { stdout } = await run(
      "ssh",
      opensshArguments(target, { options, command: ["terminal"] }),
      {
        environment: { TERM: "vt100" },
        input: "bye\n",
      },
    );
    expect(stdout).toMatch(/^vt100 \d+x\d+/);
    const { stdout: shown } = await run(
      "ssh",
      opensshArguments(target, { command: ["echo", "-l"] }),
    );
    expect(shown).toBe("-l\n");
  });

  test("refuses a server with another host key", async () => {
    const { target, pin } = await prepare();
    await pin((await createKeyPair({ comment: "stranger" })).publicKey);
    const result = await run("ssh", opensshArguments(target, { command: ["true"] }), {
      acceptExitCodes: "all",
    });
    expect(result).toMatchObject({ exitCode: 255, stderr: expect.stringContaining("HOST") });
  });
});

describe("a session with OpenSSH's server", () => {
  const program = findSshd();

  async function start(knownAs?: string) {
    if (program === undefined) throw new Error("no sshd");
    const { host, authorizedKey, privateKeyPath } = await prepareKeys();
    const directory = await temporaryDirectory();
    const hostKeyPath = join(directory, "host_key");
    await writeFile(hostKeyPath, host.privateKey, { mode: 0o600 });
    const server = await startSshd({ program, directory, hostKeyPath, authorizedKey });
    const hostKey = knownAs ?? host.publicKey;
    return { ...server, privateKeyPath, hostKey, timeoutMs: 10_000, signal };
  }

  test.skipIf(program === undefined)(
    "runs commands, passes input and reports signals (skipped where there is no sshd)",
    async () => {
      await using session = await openSession(await start());
      expect(await session.run("echo out; echo err >&2; exit 7", { signal })).toEqual({
        stdout: "out\n",
        stderr: "err\n",
        exitCode: 7,
      });
      expect(await session.run("kill -TERM $$", { signal })).toMatchObject({ exitCode: 143 });
      const input = "x".repeat(3_000_000);
      const { stdout } = await session.run("cat", { input, signal });
      expect(stdout === input).toBe(true);
    },
  );

  test.skipIf(program === undefined)(
    "is refused when the host key is another's (skipped where there is no sshd)",
    async () => {
      const { publicKey } = await createKeyPair({ comment: "stranger" });
      await expect(openSession(await start(publicKey))).rejects.toMatchObject({
        code: "SSH_HOST_KEY_MISMATCH",
      });
    },
  );
});
