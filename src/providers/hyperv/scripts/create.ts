import { hardwareRequest, sampleHardware, setHardware } from "./hardware.ts";
import { findMachine, viewMachine, viewOrNothing } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

/**
 * Makes the machine, or completes one whose making was interrupted: until it has everything its name is
 * the tag. The seed image is written later, so there need not be one yet.
 */
export const createMachine = defineScript({
  name: "create-machine",
  request: hardwareRequest,
  value: viewOrNothing,
  sample: sampleHardware,
  timeoutMs: 300_000,
  body: String.raw`${findMachine}${viewMachine}${setHardware}
if (-not (Test-Path -LiteralPath $request.diskPath)) {
  $null = Hyper-V\New-VHD -Path $request.diskPath -SizeBytes $request.diskBytes -Dynamic
}
$vm = Find-Machine
if ($null -eq $vm) {
  $vm = Hyper-V\New-VM -Name $request.machine.tag -Generation $request.generation -MemoryStartupBytes $request.memoryBytes -NoVHD
}
if ("$($vm.State)" -eq 'Off') { Set-Hardware $vm }
if ("$($vm.Name)" -eq $request.machine.tag) { Hyper-V\Rename-VM -VM $vm -NewName $request.name }
return @{ machine = (Get-View (Find-Machine)) }`,
});
