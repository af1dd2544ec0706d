import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../../src/store/open-store.ts";
import { bundleProgram } from "../../support/run-typescript.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const limits = { timeoutMs: 5_000, signal: new AbortController().signal };
const files = { ca: "CA", caKey: "CA KEY", certificate: "CERTIFICATE", key: "KEY" };

let store: Store;
beforeEach(async () => {
  store = openStore(join(await temporaryDirectory(), "store"));
});

const ensure = (made = files) => store.ensureAuthority(async () => made, limits);

describe("the store's authority", () => {
  test("is made once", async () => {
    expect(await ensure()).toEqual(files);
    expect(await ensure({ ...files, ca: "ANOTHER" })).toEqual(files);
    expect(await readdir(store.layout.certs)).toEqual([
      "ca-key.pem",
      "ca.pem",
      "cert.pem",
      "key.pem",
    ]);
  });

  test("is readable by its owner alone", async () => {
    await ensure();
    const { certs } = store.layout;
    expect((await stat(certs)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(certs)) {
      expect((await stat(join(certs, name))).mode & 0o777).toBe(0o600);
    }
  });

  test("is the same for many processes that find none", { timeout: 30_000 }, async () => {
    await using program = await bundleProgram(
      new URL("programs/ensure-authority.ts", import.meta.url),
    );
    const results = await Promise.all(
      Array.from({ length: 10 }, () => program.start(store.layout.root)),
    );
    expect(results.map(({ stderr }) => stderr).join("")).toBe("");
    const [first, ...others] = results.map(({ stdout }) => stdout);
    expect(first).toMatch(/made by \d+/);
    expect(others).toEqual(others.map(() => first));
  });

  test("is not made when making it fails half-way", async () => {
    const failing = store.ensureAuthority(() => Promise.reject(new Error("no entropy")), limits);
    await expect(failing).rejects.toThrow("no entropy");
    expect(await ensure()).toEqual(files);
  });

  test("is made anew over what a killed process left and over an empty folder", async () => {
    await mkdir(join(store.layout.root, "partial", "certs"), { recursive: true });
    await writeFile(join(store.layout.root, "partial", "certs", "ca.pem"), "torn");
    await mkdir(store.layout.certs);
    expect(await ensure()).toEqual(files);
  });

  test("is never replaced when one of its files is gone", async () => {
    await ensure();
    await rm(join(store.layout.certs, "ca-key.pem"));
    await expect(ensure()).rejects.toMatchObject({
      code: "AUTHORITY_INCOMPLETE",
      message: `${store.layout.certs} lacks ca-key.pem`,
    });
    expect(await readdir(store.layout.certs)).toEqual(["ca.pem", "cert.pem", "key.pem"]);
  });

  test.each([
    [["cert.pem"], "regenerate-certs --client-certs"],
    [["cert.pem", "key.pem"], "regenerate-certs --client-certs"],
    [["ca.pem", "cert.pem"], "from a copy"],
  ])("that lacks %j is mended by %s", async (lost, remedy) => {
    await ensure();
    for (const name of lost) await rm(join(store.layout.certs, name));
    await expect(ensure()).rejects.toMatchObject({
      code: "AUTHORITY_INCOMPLETE",
      hints: [expect.stringContaining(remedy)],
    });
  });

  test("can sign without its clients' bundle, and not without its key", async () => {
    expect(await store.readSigningAuthority()).toBeUndefined();
    await ensure();
    await rm(join(store.layout.certs, "cert.pem"));
    expect(await store.readSigningAuthority()).toEqual({ ca: "CA", caKey: "CA KEY" });
    await store.writeClientBundle({ certificate: "NEW", key: "NEW KEY" }, limits);
    expect(await ensure()).toEqual({ ...files, certificate: "NEW", key: "NEW KEY" });
    await rm(join(store.layout.certs, "ca-key.pem"));
    expect(await store.readSigningAuthority()).toBeUndefined();
  });

  test("gets its clients' bundle replaced", async () => {
    await ensure();
    await store.writeClientBundle({ certificate: "NEW", key: "NEW KEY" }, limits);
    expect(await ensure()).toEqual({ ...files, certificate: "NEW", key: "NEW KEY" });
  });
});
