import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchPackages } from "../../../src/iso/debian/fetch-packages.ts";
import { archiveOf } from "../../../src/iso/debian/mirrors/archive-uri.ts";
import { openSuite } from "../../../src/iso/debian/open-suite.ts";
import { inArchive } from "../../../src/iso/debian/packages/merged-index.ts";
import { checkKernelConfig } from "../../../src/iso/kernel/config/check-config.ts";
import {
  configPackage,
  readPackagedConfig,
} from "../../../src/iso/kernel/config/packaged-config.ts";
import { readRequirements } from "../../../src/iso/kernel/config/requirements.ts";
import { parseKernelChoice, selectKernel } from "../../../src/iso/offers/kernel-choice.ts";
import { listOffers } from "../../../src/iso/offers/list-offers.ts";
import { readSuites } from "../../../src/iso/offers/suites.ts";
import { reachableMirror } from "../../support/debian/live-mirror.ts";
import { projectFolder } from "../../support/project-files.ts";

const templates = join(projectFolder, "templates");
const silent = { detail: () => {}, bytes: () => {} };
const { signal } = new AbortController();
const mirror = await reachableMirror();
const mirrors = mirror === undefined ? [] : [mirror];

describe.skipIf(mirror === undefined)(
  "what Debian offers, at the mirror that apt uses here",
  () => {
    let cacheDirectory: string;
    beforeAll(async () => {
      cacheDirectory = await mkdtemp(join(tmpdir(), "tsmachine-offers-"));
    });
    afterAll(() => rm(cacheDirectory, { recursive: true, force: true }));

    const open = (suite: string) =>
      openSuite({
        ...{ mirrors, suite, architecture: "amd64", cacheDirectory, signal, report: () => {} },
        ...{ keysDirectory: join(templates, "keys"), now: new Date() },
      });
    const list = async () =>
      listOffers({
        ...{ suites: await readSuites(templates), architecture: "amd64", openSuite: open },
        ...{ cacheDirectory, report: silent, signal },
      });

    test("whole kernels of eight series in both flavours, and engines of two", async ({
      annotate,
    }) => {
      const first = performance.now();
      const offers = await list();
      const second = performance.now();
      expect(await list()).toEqual(offers);
      const third = performance.now();
      await annotate(`${Math.round(second - first)} ms, then ${Math.round(third - second)} ms`);
      for (const flavour of ["cloud", "full"]) {
        const kernels = offers.kernels.filter((offer) => offer.flavour === flavour);
        const series = new Set(kernels.map((offer) => offer.series));
        expect([...series]).toEqual(["7.3", "7.2", "6.18", "6.17", "6.16", "6.12", "6.1", "5.10"]);
      }
      expect(new Set(offers.engines.map(({ series }) => series))).toEqual(
        new Set(["26.1", "20.10"]),
      );
      const leftOut = offers.notes.map(({ suite }) => suite);
      expect(leftOut).toEqual(expect.arrayContaining(["forky", "sid", "experimental"]));
    });

    test.each(["5.10", "6.1", "7.2-full", "7.3", "7.3-full"])(
      "kernel %s has all that an engine needs",
      async (choice) => {
        const offer = selectKernel(await list(), parseKernelChoice(choice));
        const { release, readIndex } = await open(offer.suite);
        const index = inArchive(archiveOf(offer.suite), await readIndex());
        const [newest] = index.versionsOf(configPackage(offer.packages));
        const packages = newest === undefined ? [] : [newest.locked];
        const [fetched] = await fetchPackages(
          { ...release, packages },
          { mirrors, cacheDirectory, signal, report: () => {} },
        );
        const config = await readPackagedConfig({
          ...{ path: fetched?.path ?? "", release: offer.release, signal },
          spoolPath: join(cacheDirectory, `${offer.release}.spool`),
        });
        expect(config.series).toBe(offer.series);
        const { series } = offer;
        const report = checkKernelConfig(config, { series }, await readRequirements(templates));
        expect(report.isSufficient).toBe(true);
      },
    );
  },
);
