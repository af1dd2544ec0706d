import { TsmachineError } from "../../errors/tsmachine-error.ts";

/** The first series of the engine without the driver "overlay". */
const firstWithoutOverlay = 24;

/**
 * The storage driver that this engine gets for what was asked: overlay2 in place of overlay where the
 * engine has no such driver any more.
 * @param engineVersion "26.1.5+dfsg1"; unknown ones are taken for new.
 * @throws TsmachineError INVALID_INPUT for drivers that no machine can have.
 */
export function storageDriverFor(asked: string, engineVersion: string): string {
  const reason = whyImpossible(asked);
  if (reason !== undefined) {
    throw new TsmachineError("INVALID_INPUT", `storage driver "${asked}" is refused: ${reason}`, {
      hints: ["leave out `--engine-storage-driver`, or give overlay2 or vfs"],
    });
  }
  if (asked !== "overlay") return asked;
  const series = Number(/^(\d+)\./.exec(engineVersion)?.[1] ?? firstWithoutOverlay);
  return series < firstWithoutOverlay ? asked : "overlay2";
}

/** Why no machine can have this storage driver, as a clause; undefined for drivers that one can have. */
export function whyImpossible(driver: string): string | undefined {
  return impossible.get(driver);
}

const impossible: ReadonlyMap<string, string> = new Map([
  ["aufs", "no kernel of Debian's has aufs"],
  ["btrfs", "the data disk's file system is ext4"],
  ["devicemapper", "engines no longer have it, nor machines a device for it"],
  ["fuse-overlayfs", "machines have no program fuse-overlayfs for the engine to mount by"],
  ["zfs", "the data disk's file system is ext4"],
]);
