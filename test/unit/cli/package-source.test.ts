import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createPackageSource } from "../../../src/cli/package-source.ts";
import { namesIn } from "../../../src/host/files/names-in.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { listenOnLoopback } from "../../support/network/listen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { recordedParts } from "../../support/worlds/cli-parts.ts";

const content = randomBytes(100_000);
const half = content.subarray(0, 50_000);
const wanted = {
  ...{ name: "sample", version: "1.0", architecture: "amd64", size: content.length },
  filename: "pool/main/s/sample/sample_1.0_amd64.deb",
  sha256: createHash("sha256").update(content).digest("hex"),
};

/** A source whose mirror gives half of a package and then nothing, until it is told to give all. */
async function stallingWorld() {
  const mirror = { stalls: true };
  const server = createServer(({ headers }, response) => {
    if (mirror.stalls) {
      response.writeHead(200, { "content-length": content.length }).write(half);
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(start === 0 ? 200 : 206, start === 0 ? {} : { "content-range": range });
    response.end(content.subarray(start));
  });
  const port = await listenOnLoopback(server);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const store = openStore(await temporaryDirectory());
  const environment = { TSMACHINE_DEBIAN_MIRROR: `http://127.0.0.1:${port}/debian` };
  const source = createPackageSource({
    ...{ parts: recordedParts({ environment }), store, mirror: undefined },
  });
  return { mirror, source, packages: join(store.layout.cache, "packages") };
}

const lock = { packages: [wanted], date: "2026-11-20T12:00:00.000Z" };

test("a source with a limit of its own breaks a download under way, and the others go on", async () => {
  const { mirror, source, packages } = await stallingWorld();
  const over = new AbortController();
  const reason = new Error("the run is over");
  const fetching = source.until(over.signal).fetch(lock, ({ receivedBytes }) => {
    if (receivedBytes >= half.length) over.abort(reason);
  });
  await expect(fetching).rejects.toBe(reason);
  // What there is waits under a name of its own for the next that wants it.
  expect(await namesIn(packages)).toEqual([`${wanted.sha256}.deb.part`]);
  mirror.stalls = false;
  const [fetched] = await source.fetch(lock, () => {});
  expect(fetched).toMatchObject(wanted);
  expect(await namesIn(packages)).toEqual([`${wanted.sha256}.deb`]);
});
