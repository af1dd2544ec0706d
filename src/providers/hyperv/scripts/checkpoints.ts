import * as z from "zod";
import { findMachine, machineSchema, sampleMachine } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

const labelled = z.object({ machine: machineSchema, label: z.string() });
const value = z.object({
  outcome: z.enum(["done", "absent", "taken", "missing"]),
  labels: z.array(z.string()),
});
const sample = { machine: sampleMachine, label: "before “the upgrade”" };
const timeoutMs = 300_000;

/** Names are compared as text here, since -Name takes wildcards. */
const findCheckpoints = String.raw`
function Get-Checkpoints($vm) { Hyper-V\Get-VMSnapshot -VM $vm | Sort-Object -Property CreationTime }
function Find-Checkpoint($vm) { Get-Checkpoints $vm | Where-Object { "$($_.Name)" -ceq $request.label } | Select-Object -First 1 }
function Get-Outcome($vm, $outcome) {
  @{ outcome = $outcome; labels = @(Get-Checkpoints $vm | ForEach-Object { "$($_.Name)" }) }
}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent'; labels = @() } }`;

export const listCheckpoints = defineScript({
  name: "list-checkpoints",
  request: z.object({ machine: machineSchema }),
  value,
  sample: { machine: sampleMachine },
  timeoutMs: 60_000,
  body: `${findMachine}${findCheckpoints}
return Get-Outcome $vm 'done'`,
});

export const takeCheckpoint = defineScript({
  name: "take-checkpoint",
  ...{ request: labelled, value, sample, timeoutMs },
  body: String.raw`${findMachine}${findCheckpoints}
if ($null -ne (Find-Checkpoint $vm)) { return Get-Outcome $vm 'taken' }
Hyper-V\Checkpoint-VM -VM $vm -SnapshotName $request.label
return Get-Outcome $vm 'done'`,
});

export const restoreCheckpoint = defineScript({
  name: "restore-checkpoint",
  ...{ request: labelled, value, sample, timeoutMs },
  body: String.raw`${findMachine}${findCheckpoints}
$checkpoint = Find-Checkpoint $vm
if ($null -eq $checkpoint) { return Get-Outcome $vm 'missing' }
Hyper-V\Restore-VMSnapshot -VMSnapshot $checkpoint -Confirm:$false
return Get-Outcome $vm 'done'`,
});

export const removeCheckpoint = defineScript({
  name: "remove-checkpoint",
  ...{ request: labelled, value, sample, timeoutMs },
  body: String.raw`${findMachine}${findCheckpoints}
$checkpoint = Find-Checkpoint $vm
if ($null -eq $checkpoint) { return Get-Outcome $vm 'missing' }
Hyper-V\Remove-VMSnapshot -VMSnapshot $checkpoint -Confirm:$false
return Get-Outcome $vm 'done'`,
});
