import type { TestMachine } from "./machine.ts";

/** Name of the image that `importTinyImage` makes. */
export const tinyImage = "tiny:1";

/**
 * Gives the engine a root file system that holds busybox and a page to serve, and no more. It is
 * packed in the guest, from Debian's busybox-static there, and streamed out through `tsmachine ssh`
 * into `docker import`: no image registry is needed.
 */
export async function importTinyImage(machine: TestMachine): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.shell(
    `tsmachine ssh ${machine.name} '${packRootFileSystem}' | docker import - ${tinyImage}`,
  );
  if (exitCode !== 0) throw new Error(`docker import: ${stderr}`);
  return stdout.trim();
}

/** A script of sh(1) for the guest. */
export const packRootFileSystem = [
  "mkdir -p /tmp/tiny/bin /tmp/tiny/tmp /tmp/tiny/www",
  "cp /usr/bin/busybox /tmp/tiny/bin/busybox",
  'for applet in $(busybox --list); do [ "$applet" = busybox ] || ln -sf busybox "/tmp/tiny/bin/$applet"; done',
  "echo served >/tmp/tiny/www/index.html",
  "tar -C /tmp/tiny -c .",
].join(" && ");
