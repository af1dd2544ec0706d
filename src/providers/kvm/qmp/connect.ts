import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";
import { isSystemError } from "../../../errors/system-error.ts";
import { sleep } from "../../../host/sleep.ts";

export type QmpAddress =
  | {
      readonly kind: "unix";
      readonly path: string;
      /** Where a short link to the socket's folder is made when its path is too long. */
      readonly temporaryDirectory: string;
    }
  | { readonly kind: "loopback"; readonly port: number };

/**
 * Waits for its turn: QEMU takes one client at a time, two more may queue up, and whoever comes next is
 * turned away by the kernel. Limited by the signal alone.
 * @throws the system's error when nobody listens; the signal's reason when it is aborted.
 */
export async function connectTo(address: QmpAddress, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      return await connectOnce(address, signal);
    } catch (error) {
      if (!isSystemError(error, "EAGAIN")) throw error;
      await sleep(busyPauseMs, signal);
    }
  }
}

/** A client has hung up after a few milliseconds. */
const busyPauseMs = 10;

async function connectOnce(address: QmpAddress, signal: AbortSignal): Promise<Socket> {
  if (address.kind === "loopback") {
    return connected(connect({ host: "127.0.0.1", port: address.port }), signal);
  }
  const { path, temporaryDirectory } = address;
  if (fits(path)) return connected(connect({ path }), signal);
  const folder = await mkdtemp(join(shortestOf(temporaryDirectory, "/tmp"), "tsm-"));
  try {
    const link = join(folder, "d");
    await symlink(dirname(path), link, "dir");
    return await connected(connect({ path: join(link, basename(path)) }), signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * sun_path of sockaddr_un has 108 bytes on Linux and 104 on macOS, see unix(7). Node shortens
 * a longer path without a word and connects to another name.
 */
const maximumPathBytes = 100;

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= maximumPathBytes;
}

function shortestOf(...paths: string[]): string {
  return paths.reduce((a, b) => (Buffer.byteLength(b) < Buffer.byteLength(a) ? b : a));
}

async function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
