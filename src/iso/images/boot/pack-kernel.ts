import { type Content, readContent } from "../../../bytes/content.ts";
import { gzip } from "../../../bytes/gzip/gzip.ts";

/**
 * The kernel, compressed unless it unpacks itself: those of arm64 do not, but GRUB and QEMU unpack
 * them. Their header is in https://www.kernel.org/doc/html/latest/arch/arm64/booting.html, section 4.
 */
export async function packKernel(image: Content): Promise<Content> {
  const bytes = await readContent(image);
  const magic = Buffer.from(bytes.subarray(0x38, 0x3c)).toString("latin1");
  return magic === "ARMd" ? { kind: "bytes", bytes: gzip(bytes) } : image;
}
