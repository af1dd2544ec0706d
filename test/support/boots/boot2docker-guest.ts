import { createWriteStream } from "node:fs";
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import ssh2 from "ssh2";
import { pack } from "tar-stream";
import { poll } from "../../../src/host/poll.ts";
import { freeLoopbackPorts } from "../../../src/host/ports.ts";
import { type RunResult, run } from "../../../src/host/processes/run.ts";

/** A machine of docker-machine 0.16.2's QEMU driver: its ISO, disk, key and ports. */
export interface DriverMachine extends AsyncDisposable {
  readonly dockerPort: number;
  /** Boots, and waits for SSH. */
  start(): Promise<void>;
  /** What the driver does to stop it; on return QEMU has ended. */
  stop(): Promise<void>;
  /** Runs a command as docker-machine does, with its key signed as its own SSH client signs. */
  ssh(command: string): Promise<RunResult>;
  /** What the guest has written on its console since it was started. */
  console(): Promise<string>;
}

const programs = { qemu: "qemu-system-x86_64", ssh: "ssh" } as const;

const bootLimitMs = 8 * 60_000;

/** Makes what the driver's Create makes, in an empty folder; starts nothing. */
export async function createDriverMachine(iso: string, folder: string): Promise<DriverMachine> {
  const [sshPort = 0, dockerPort = 0] = await freeLoopbackPorts(2);
  const at = (name: string) => join(folder, name);
  const key = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
  await writeFile(at("id_rsa"), key.private, { mode: 0o600 });
  await writeUserDataDisk(at("disk"), `${key.public}\n`);
  const words = qemuWords({ iso, sshPort, dockerPort, at });
  let qemu: ReturnType<typeof startQemu> | undefined;

  const ssh = (command: string) =>
    run(programs.ssh, [...sshWords(at("id_rsa"), sshPort), command], {
      acceptExitCodes: "all",
      timeoutMs: 4 * 60_000,
    });
  const ended = async () => void (await qemu);
  return {
    dockerPort,
    ssh,
    console: () => readFile(at("console"), "latin1"),
    async start() {
      qemu = startQemu(words);
      await poll(async () => ((await ssh("exit 0")).exitCode === 0 ? true : undefined), {
        ...{ waitingFor: "SSH", everyMs: 3000, timeoutMs: bootLimitMs },
        signal: AbortSignal.timeout(bootLimitMs),
      });
    },
    async stop() {
      await powerDown(at("monitor"));
      await ended();
    },
    async [Symbol.asyncDispose]() {
      qemu?.kill("SIGKILL");
      await ended();
    },
  };
}

function startQemu(words: readonly string[]) {
  return execa(programs.qemu, words, { reject: false, timeout: 20 * 60_000 });
}

interface Places {
  readonly iso: string;
  readonly sshPort: number;
  readonly dockerPort: number;
  at(name: string): string;
}

/** The driver's own, but for ports of loopback alone, the console and emulation. */
function qemuWords({ iso, sshPort, dockerPort, at }: Places): readonly string[] {
  const forward = (host: number, guest: number) => `hostfwd=tcp:127.0.0.1:${host}-:${guest}`;
  return [
    ...["-accel", "tcg", "-serial", `file:${at("console")}`],
    ...["-display", "none", "-m", "1024", "-smp", "1", "-boot", "d", "-cdrom", iso],
    ...["-qmp", `unix:${at("monitor")},server=on,wait=off`],
    "-nic",
    ["user,model=virtio", forward(sshPort, 22), forward(dockerPort, 2376), "hostname=dm"].join(),
    ...["-drive", `file=${at("disk")},format=raw,index=0,media=disk`],
  ];
}

/** What docker-machine gives ssh(1); its own client knows no other signature than "ssh-rsa". */
function sshWords(key: string, port: number): readonly string[] {
  const options = [
    ...["PasswordAuthentication=no", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"],
    ...["IdentitiesOnly=yes", "ControlMaster=no", "ControlPath=none", "LogLevel=ERROR"],
    ...["ConnectTimeout=10", "ServerAliveInterval=60", "PubkeyAcceptedAlgorithms=ssh-rsa"],
  ];
  const settings = options.flatMap((option) => ["-o", option]);
  return ["-F", "/dev/null", ...settings, "-i", key, "-p", `${port}`, "docker@127.0.0.1"];
}

/** A disk that begins with an archive and is otherwise empty. */
async function writeUserDataDisk(path: string, publicKey: string): Promise<void> {
  const magic = "boot2docker, please format-me";
  const archive = pack();
  archive.entry({ name: magic }, magic);
  archive.entry({ name: ".ssh", type: "directory", mode: 0o700 });
  archive.entry({ name: ".ssh/authorized_keys", mode: 0o644 }, publicKey);
  archive.entry({ name: ".ssh/authorized_keys2", mode: 0o644 }, publicKey);
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
  await truncate(path, 4 * 2 ** 30);
}

/** The driver's one command of QMP. */
async function powerDown(monitor: string): Promise<void> {
  const commands = ["qmp_capabilities", "system_powerdown"];
  const input = commands.map((execute) => `${JSON.stringify({ execute })}\n`).join("");
  await new Promise<void>((resolve, reject) => {
    const socket = connect(monitor, () => socket.write(input));
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      if (bytes.includes("POWERDOWN")) socket.end(resolve);
    });
  });
}

/** The first bytes of the file. */
export async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
