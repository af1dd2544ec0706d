import * as z from "zod";
import { hardwareRequest, sampleHardware, setHardware } from "./hardware.ts";
import { findMachine, sampleMark, viewMachine, viewOrNothing } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

/**
 * Makes the machine, or completes one whose making was interrupted: until it has everything its name is
 * the tag and the folder's mark. The seed image is written later, so there need not be one yet.
 */
export const createMachine = defineScript({
  name: "create-machine",
  request: hardwareRequest.extend({
    /** Of the machine's folder: see record.ts. */
    mark: z.string(),
  }),
  value: viewOrNothing,
  sample: { ...sampleHardware, mark: sampleMark },
  timeoutMs: 300_000,
  body: String.raw`${findMachine}${viewMachine}${setHardware}
if (-not (Test-Path -LiteralPath $request.diskPath)) {
  $null = Hyper-V\New-VHD -Path $request.diskPath -SizeBytes $request.diskBytes -Dynamic
}
$vm = Find-Machine
if ($null -eq $vm) {
  $vm = Hyper-V\New-VM -Name "$($request.machine.tag) $($request.mark)" -Generation $request.generation -MemoryStartupBytes $request.memoryBytes -NoVHD
}
if ("$($vm.State)" -eq 'Off') { Set-Hardware $vm }
if ("$($vm.Name)".StartsWith($request.machine.tag)) { Hyper-V\Rename-VM -VM $vm -NewName $request.name }
return @{ machine = (Get-View (Find-Machine)) }`,
});
