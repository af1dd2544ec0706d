/**
 * The folders of src/ and which of them each may import, besides itself. It is said a second time
 * here so that a rule in biome.json that lost an entry, or matches nothing, is noticed.
 */
export const importableBy: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  bytes: ["errors"],
  host: ["bytes", "errors"],
  store: ["host", "bytes", "errors"],
  iso: ["host", "bytes", "errors"],
  certs: ["host", "bytes", "errors"],
  ssh: ["host", "bytes", "errors"],
  providers: ["host", "bytes", "errors"],
  core: ["store", "iso", "certs", "ssh", "host", "bytes", "errors"],
  matrix: ["core", "store", "iso", "certs", "ssh", "host", "bytes", "errors"],
  cli: ["matrix", "core", "store", "iso", "certs", "ssh", "host", "bytes", "errors"],
};

/** Files of providers/ that others may import too, by folder. */
const sharedByProviders: Readonly<Record<string, readonly string[]>> = {
  core: ["providers/provider.ts"],
  matrix: ["providers/provider.ts"],
  cli: ["providers/provider.ts", "providers/option-meta.ts"],
};

/** The only file that may import a provider. */
export const compositionRoot = "cli/providers.ts";

/** Whether a file may import another; both are paths below src/ with forward slashes. */
export function mayImport(importer: string, imported: string): boolean {
  const from = layerOf(importer);
  const to = layerOf(imported);
  const provider = providerOf(imported);
  if (provider !== undefined) {
    return importer === compositionRoot || providerOf(importer) === provider;
  }
  if (from === to) return true;
  if (to === "providers") return sharedByProviders[from]?.includes(imported) ?? false;
  return importableBy[from]?.includes(to) ?? false;
}

export function layerOf(path: string): string {
  return path.split("/")[0] ?? "";
}

/** "kvm" of providers/kvm/disk.ts; undefined for what belongs to no provider. */
function providerOf(path: string): string | undefined {
  return /^providers\/([^/]+)\//.exec(path)?.[1];
}
