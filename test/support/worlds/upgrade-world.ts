import { rm } from "node:fs/promises";
import { join } from "node:path";
import { provideEngineImage } from "../../../src/core/images/images.ts";
import { beginSwap } from "../../../src/core/machine/upgrade/swap-engine.ts";
import {
  type UpgradeReport,
  type UpgradeRequest,
  upgradeMachine,
} from "../../../src/core/machine/upgrade/upgrade.ts";
import type { MachineRecord } from "../../../src/store/record.ts";
import { fakePackages } from "../images/fake-images-packages.ts";
import type { Guest } from "../providers/fake-provider.ts";
import {
  type BootedRecord,
  bootedRecord,
  type CoreWorld,
  coreWorld,
  runningMachine,
} from "./core-world.ts";

/** A world with the machine "dev", which runs with engine 26.1.5. */
export interface UpgradeWorld extends CoreWorld {
  /** The machine's record before anything is upgraded. */
  readonly before: BootedRecord;
  /** From now on the archive has this version of the engine. */
  offer(version: string): void;
  upgrade(changes?: Partial<UpgradeRequest>): Promise<UpgradeReport>;
  record(): Promise<BootedRecord>;
  /** What is left by a process that was killed when it had put engine 27.0.1 in place. */
  leaveUpgrade(): Promise<MachineRecord["upgrade"]>;
  /** Guests with the engine that `dev` had at first serve; with any other they do this. */
  otherEnginesAre(guest: Guest): void;
  /** Deletes all engine images of the cache. */
  loseEngineImages(): Promise<void>;
}

export async function upgradeWorld(): Promise<UpgradeWorld> {
  const world = await coreWorld();
  const { context, packages, provider } = world;
  const before = await runningMachine(world);
  provider.calls.length = 0;
  world.steps.length = 0;
  const record = async () => bootedRecord(await context.store.readMachine("dev"));
  const offer = (version: string) => {
    packages.packages = fakePackages.map((item) =>
      item.name === "docker.io" ? { ...item, version: `${version}+dfsg1-1` } : item,
    );
  };
  return {
    ...{ ...world, before, record, offer },
    upgrade: (changes = {}) =>
      upgradeMachine(context, "dev", {
        ...{ engine: { kind: "default" }, bootTimeoutMs: 10_000 },
        ...changes,
      }),
    async leaveUpgrade() {
      offer("27.0.1");
      const engine = { kind: "default" } as const;
      const image = await provideEngineImage(context, { architecture: "amd64", engine });
      await beginSwap(context, await record(), image);
      return (await record()).upgrade;
    },
    otherEnginesAre(guest) {
      provider.guest = ({ engineImage }) =>
        engineImage.includes(before.images.engine) ? "serving" : guest;
    },
    async loseEngineImages() {
      const { previousEngine, engine } = (await record()).images;
      for (const key of [previousEngine, engine, before.images.engine]) {
        const folder = join(context.store.layout.cache, "images", `engine-${key}`);
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
