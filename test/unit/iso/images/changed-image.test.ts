import { readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ensureImage } from "../../../../src/iso/images/ensure-image.ts";
import { checkImage } from "../../../../src/iso/images/image-cache.ts";
import { imageWorld } from "../../../support/image-world.ts";

vi.setConfig({ testTimeout: 60_000 });

test("an image changed on the disk is refused although size, inode and time are as before", async () => {
  const { boot, options } = await imageWorld();
  const image = await ensureImage(boot, options);
  const path = join(image.directory, "kernel");
  const before = await stat(path);
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  await writeFile(path, bytes);
  await utimes(path, before.atime, before.mtime);
  const now = await stat(path);
  expect([now.size, now.ino, now.mtimeMs]).toEqual([before.size, before.ino, before.mtimeMs]);
  await expect(checkImage(image, options.signal)).rejects.toMatchObject({
    code: "IMAGE_CORRUPT",
    message: `boot image ${image.manifest.key}: kernel is not what was built`,
  });
});
