import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";

/** The path of OpenSSH's server; undefined when this host has none that could be started. */
export function findSshd(): string | undefined {
  const isRoot = userInfo().uid === 0;
  // As root it insists on this folder, which only its service makes.
  if (isRoot && !existsSync("/run/sshd")) return undefined;
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, "sshd")).find((path) => existsSync(path));
}

/** Starts it on 127.0.0.1 for the user who runs the tests; it is stopped when the test ends. */
export async function startSshd(options: {
  readonly program: string;
  /** For its files. */
  readonly directory: string;
  readonly hostKeyPath: string;
  readonly authorizedKey: string;
}): Promise<{ address: string; port: number; user: string }> {
  const [port = 0] = await freeLoopbackPorts(1);
  const authorizedKeys = join(options.directory, "authorized_keys");
  await writeFile(authorizedKeys, `${options.authorizedKey}\n`, { mode: 0o600 });
  const configuration = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${options.hostKeyPath}`,
    `AuthorizedKeysFile ${authorizedKeys}`,
    "StrictModes no",
    "UsePAM no",
    "PidFile none",
  ];
  const configurationPath = join(options.directory, "sshd_config");
  await writeFile(configurationPath, `${configuration.join("\n")}\n`);
  const daemon = execa(options.program, ["-D", "-e", "-f", configurationPath], { reject: false });
  onTestFinished(async () => {
    daemon.kill();
    await daemon;
  });
  const ended = new AbortController();
  void daemon.then(({ stderr }) => ended.abort(new Error(`sshd has ended: ${stderr}`)));
  await poll(() => acceptsConnections(port), {
    waitingFor: "sshd",
    everyMs: 20,
    timeoutMs: 10_000,
    signal: ended.signal,
  });
  return { address: "127.0.0.1", port, user: userInfo().username };
}

function acceptsConnections(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(undefined));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
