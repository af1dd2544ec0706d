import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { checkImage } from "../../../../src/iso/images/cache/check-image.ts";
import { ensureImage } from "../../../../src/iso/images/making/ensure-image.ts";
import { imageWorld } from "../../../support/images/image-world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("an image changed on the disk is refused although size, inode and time are as before", async () => {
  const { boot, options } = await imageWorld();
  const image = await ensureImage(boot, options);
  const path = join(image.directory, "kernel");
  const time = new Date("2026-11-20T12:00:00Z");
  await utimes(path, time, time);
  await checkImage(image, options.signal);
  const before = await stat(path, { bigint: true });
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  await writeFile(path, bytes);
  await utimes(path, time, time);
  const { size, ino, mtimeNs } = await stat(path, { bigint: true });
  expect({ size, ino, mtimeNs }).toMatchObject({
    ...{ size: before.size, ino: before.ino, mtimeNs: before.mtimeNs },
  });
  await expect(checkImage(image, options.signal)).rejects.toMatchObject({
    code: "IMAGE_CORRUPT",
    message: expect.stringContaining("kernel"),
  });
});
