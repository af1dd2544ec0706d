import { generateKeyPair } from "node:crypto";
import { argv, stdout } from "node:process";
import { promisify } from "node:util";
import { imageLocksOf, provideImages } from "../../../../../src/core/images/images.ts";
import { withImagesInUse } from "../../../../../src/core/images/images-in-use.ts";
import { withMachineLock } from "../../../../../src/core/machine/with-machine-lock.ts";
import { findImage } from "../../../../../src/iso/images/cache/image-cache.ts";
import { machineRecord } from "../../../../support/machines/machine-record.ts";
import { plainContext } from "../../../../support/worlds/plain-context.ts";

// Arguments: store, templates, packages, times. Records a machine and removes it again so often, as
// create and rm do, and prints how many images of a recorded machine were not there.
const [, , folder = "", templates = "", packages = "", times = "1"] = argv;
const context = plainContext({ store: folder, templates, packages });
const { store } = context;
const standard = { kind: "default" } as const;
const selection = { architecture: context.architecture, kernel: standard, engine: standard };
const makeKeys = promisify(generateKeyPair);

async function recordMachine() {
  const provided = await provideImages(context, { ...selection, freshness: "cached" });
  await makeKeys("rsa", { modulusLength: 2048 });
  const images = { boot: provided.boot.manifest.key, engine: provided.engine.manifest.key };
  await store.createMachine(machineRecord({ name: "dev", images }), {
    imageLocks: imageLocksOf(provided),
  });
  return images;
}

let missing = 0;
for (let time = 0; time < Number(times); time += 1) {
  await withMachineLock(context, "dev", async () => {
    const images = await withImagesInUse(context, recordMachine);
    for (const kind of ["boot", "engine"] as const) {
      const image = await findImage(store.layout.cache, kind, images[kind]);
      if (image === undefined) missing += 1;
    }
    await store.removeMachine("dev");
  });
}
stdout.write(JSON.stringify({ missing }));
