import type { KvmMachine } from "../record.ts";
import { type OfferedFolders, tagOf } from "./offered-folders.ts";
import { socketOf } from "./virtiofsd.ts";

/** The guest's memory, as processes other than QEMU can map it. */
const memoryId = "memory";

/**
 * The devices by which a guest gets its folders; nothing where it has none.
 * https://www.qemu.org/docs/master/system/devices/vhost-user.html, https://wiki.qemu.org/Documentation/9psetup
 * @param memoryMiB of the guest, all of which virtiofsd must reach
 */
export function folderArguments(
  machine: Pick<KvmMachine, "uuid">,
  { offered, memoryMiB }: { readonly offered: OfferedFolders; readonly memoryMiB: number },
): string[] {
  const { backEnd, folders } = offered;
  if (folders.length === 0) return [];
  if (backEnd === "9p") return folders.flatMap(ninePArguments);
  return [
    ...["-object", `memory-backend-memfd,id=${memoryId},size=${memoryMiB}M,share=on`],
    ...["-machine", `memory-backend=${memoryId}`],
    ...folders.flatMap((_, index) => [
      ...["-chardev", `socket,id=${tagOf(index)},path=${socketOf(machine, index)}`],
      ...["-device", `vhost-user-fs-pci,chardev=${tagOf(index)},tag=${tagOf(index)}`],
    ]),
  ];
}

/**
 * security_model=none: files have the owners and modes that this host gives them, and a change of owner that QEMU's
 * user may not make does nothing. multidevs=remap: inodes of file systems that are mounted below stay different.
 */
function ninePArguments(
  { path, isReadOnly }: OfferedFolders["folders"][number],
  index: number,
): string[] {
  const folder = `path=${path.replaceAll(",", ",,")}`;
  const access = isReadOnly ? ",readonly=on" : "";
  return [
    ...[
      "-fsdev",
      `local,id=${tagOf(index)},${folder},security_model=none,multidevs=remap${access}`,
    ],
    ...["-device", `virtio-9p-pci,fsdev=${tagOf(index)},mount_tag=${tagOf(index)}`],
  ];
}
