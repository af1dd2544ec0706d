import { createHash } from "node:crypto";
import { tarArchive } from "./deb.ts";

/** An archive of one image as `docker save` writes it: a layer with one file, "/word". */
export async function imageArchive(tag: string): Promise<Buffer> {
  const layer = await tarArchive([[{ name: "word" }, "loaded\n"]]);
  const config = {
    ...{ architecture: "amd64", os: "linux", config: {} },
    rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [tag], Layers: ["layer.tar"] }];
  return tarArchive([
    [{ name: "config.json" }, JSON.stringify(config)],
    [{ name: "layer.tar" }, layer],
    [{ name: "manifest.json" }, JSON.stringify(manifest)],
  ]);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
