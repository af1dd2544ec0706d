import * as z from "zod";
import { findMachine, machineSchema, sampleMachine } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

/** Takes a machine that is off out of Hyper-V, with its checkpoints. Its disks stay, as do the images. */
export const removeMachine = defineScript({
  name: "remove-machine",
  request: z.object({ machine: machineSchema }),
  value: z.object({ outcome: z.enum(["done", "absent"]) }),
  sample: { machine: sampleMachine },
  timeoutMs: 120_000,
  body: String.raw`${findMachine}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent' } }
Hyper-V\Remove-VM -VM $vm -Force -Confirm:$false
return @{ outcome = 'done' }`,
});
