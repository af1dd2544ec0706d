/**
 * The X.509 library, loaded on first use: that takes longer than most commands run.
 * Its dependency injection demands a metadata polyfill to be there before it.
 */
export async function loadX509() {
  await import("reflect-metadata");
  return await import("@peculiar/x509");
}
