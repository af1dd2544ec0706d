import { expect, test } from "vitest";
import { cellId } from "../../../../src/matrix/definition/axes.ts";
import { requireDrivers } from "../../../../src/matrix/run/require-drivers.ts";
import { shellCell } from "../../../support/matrix/matrix-world.ts";

const engines = { nightly: { kind: "default" } } as const;

function cellWith(storageDriver: string, engine: string) {
  const axes = { kernel: "6.12", engine, storageDriver };
  return shellCell("w", "", { id: cellId(axes), axes });
}

test.each([
  ["btrfs", "26.1", "the data disk's file system is ext4"],
  ["btrfs", "nightly", "the data disk's file system is ext4"],
  ["zfs", "26.1", "the data disk's file system is ext4"],
  ["fuse-overlayfs", "26.1", "machines have no program fuse-overlayfs for the engine to mount by"],
  ["aufs", "20.10", "no kernel of Debian's has aufs"],
  ["devicemapper", "20.10", "engines no longer have it, nor machines a device for it"],
  ["overlay", "26.1", "engine 26.1 has overlay2 in its place"],
])("%s of engine %s is refused in the words of the axis", (driver, engine, reason) => {
  const cell = cellWith(driver, engine);
  expect(() => requireDrivers([cellWith("vfs", "26.1"), cell], { engines })).toThrow(
    expect.objectContaining({
      code: "INVALID_INPUT",
      message: `storage-driver "${driver}" of cell ${cell.id} is refused: ${reason}`,
      hints: [expect.stringMatching(/ storage-driver in the definition, or of --storage-driver;/)],
    }),
  );
});

test.each([
  ["overlay2", "26.1"],
  ["vfs", "26.1"],
  ["overlay", "20.10"],
  ["overlay", "nightly"],
  ["one-of-tomorrow", "29.0"],
])("%s of engine %s is left to the engine", (driver, engine) => {
  requireDrivers([cellWith(driver, engine)], { engines });
});
