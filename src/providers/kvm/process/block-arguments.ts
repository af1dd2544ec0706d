export type Access = "read-only" | "read-write";

export interface BlockFile {
  readonly path: string;
  readonly access: Access;
  readonly format?: "raw" | "qcow2";
}

/** A disk that the guest finds by its serial number. */
export function disk({ serial, ...file }: BlockFile & { readonly serial: string }): string[] {
  return [
    ...blockdev({ node: serial, ...file }),
    ...["-device", `virtio-blk-pci,drive=${serial},serial=${serial}`],
  ];
}

/**
 * JSON needs no escapes for commas in paths. QEMU's own file locks stay on: any number of
 * machines read an image at once, and a data disk is written by one.
 */
export function blockdev({
  node,
  path,
  access,
  format = "raw",
}: BlockFile & { readonly node: string }): string[] {
  const file = { driver: "file", filename: path };
  const settings =
    access === "read-only"
      ? { "read-only": true, file }
      : { discard: "unmap", "detect-zeroes": "unmap", file: { ...file, discard: "unmap" } };
  return ["-blockdev", JSON.stringify({ driver: format, "node-name": node, ...settings })];
}
