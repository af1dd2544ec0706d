import {
  listCheckpoints,
  removeCheckpoint,
  restoreCheckpoint,
  takeCheckpoint,
} from "./checkpoints.ts";
import { createMachine } from "./create.ts";
import { detect } from "./detect.ts";
import { findAddresses, findInFolder, listMachines, lookAtMachine } from "./look.ts";
import { removeMachine } from "./remove.ts";
import type { ProgramSource } from "./script.ts";
import { startMachine } from "./start.ts";
import { powerOffMachine, saveMachine, shutDownMachine } from "./stop.ts";
import { listSwitches } from "./switches.ts";

/** Every script that the provider runs. */
export const allScripts: readonly ProgramSource[] = [
  detect,
  listSwitches,
  listMachines,
  lookAtMachine,
  findInFolder,
  findAddresses,
  createMachine,
  startMachine,
  shutDownMachine,
  powerOffMachine,
  saveMachine,
  removeMachine,
  listCheckpoints,
  takeCheckpoint,
  restoreCheckpoint,
  removeCheckpoint,
];
