import { readFile } from "node:fs/promises";
import { Client, type ConnectConfig, type SFTPWrapper } from "ssh2";
import type { TestMachine } from "./machine.ts";

/** What ssh2, which is not the client that tsmachine starts, needs to log in to the machine. */
export async function sshLogin(machine: TestMachine): Promise<ConnectConfig> {
  const { Driver, Record } = await machine.inspect();
  const hostKey = Record.sshHostKey.split(" ")[1] ?? "";
  return {
    host: Driver.IPAddress,
    port: Driver.SSHPort,
    username: "docker",
    privateKey: await readFile(Driver.SSHKeyPath),
    hostVerifier: (key: Buffer) => key.toString("base64") === hostKey,
    readyTimeout: 60_000,
  };
}

/** Rejects when the machine lets nobody in. */
export async function connectSsh(login: ConnectConfig): Promise<Client & Disposable> {
  const client = new Client();
  await new Promise<void>((resolve, reject) => {
    client.on("ready", resolve).on("error", reject).connect(login);
  });
  return Object.assign(client, { [Symbol.dispose]: () => void client.end() });
}

/** The ways to log in that the machine offers to somebody who shows nothing yet. */
export function offeredLogins({ privateKey, ...login }: ConnectConfig): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const client = new Client();
    client.on("error", () => client.end());
    client.connect({
      ...login,
      authHandler: (left, _isPartial, next) => {
        // Null until the first attempt was refused, which is with no credentials at all.
        if (left === null) return next("none");
        resolve(left);
        client.end();
      },
    });
  });
}

export function openSftp(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) =>
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
  );
}
