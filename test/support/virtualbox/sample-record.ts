/** The record of a machine "dev" that is reached through ports of 127.0.0.1, with these fields otherwise. */
export function sampleRecord(changes: object = {}): object {
  return {
    ...{ version: 1, uuid: "b26fa7a6-0000-4000-8000-0123456789ab", name: "dev" },
    ...{ memoryMiB: 512, cpuCount: 1, diskSizeMiB: 1024, uiType: "headless", hostOnly: null },
    nat: { type: "virtio", mac: "08:00:27:00:00:01", hasDnsProxy: true, hasHostResolver: false },
    ...{ folders: [], ports: { ssh: 40022, docker: 42376 } },
    ...changes,
  };
}
