import * as z from "zod";
import { findMachine, machineSchema, sampleMachine } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

const request = z.object({ machine: machineSchema });
const value = z.object({ outcome: z.enum(["done", "off", "absent", "busy"]) });

/**
 * Asks the guest to shut down and returns at once, which Stop-VM does not: method InitiateShutdown of
 * Msvm_ShutdownComponent, virtualization WMI provider version 2. The filter holds Hyper-V's own id.
 */
export const shutDownMachine = defineScript({
  ...{ name: "shut-down-machine", request, value },
  sample: { machine: sampleMachine },
  timeoutMs: 60_000,
  body: String.raw`${findMachine}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent' } }
if ("$($vm.State)" -match '^Paused') { Hyper-V\Resume-VM -VM $vm }
elseif ("$($vm.State)" -notmatch '^Running') { return @{ outcome = 'off' } }
$filter = "SystemName='$("$($vm.Id)".ToUpperInvariant())'"
$component = @(Get-CimInstance -Namespace root/virtualization/v2 -ClassName Msvm_ShutdownComponent -Filter $filter)
if ($component.Count -eq 0) { return @{ outcome = 'busy' } }
try {
  $result = Invoke-CimMethod -InputObject $component[0] -MethodName InitiateShutdown -Arguments @{ Force = $true; Reason = 'tsmachine' }
} catch {
  return @{ outcome = 'busy' }
}
if ($result.ReturnValue -ne 0 -and $result.ReturnValue -ne 4096) { return @{ outcome = 'busy' } }
return @{ outcome = 'done' }`,
});

/** The machine is off afterwards; its saved state, if it had one, is thrown away. */
export const powerOffMachine = defineScript({
  ...{ name: "power-off-machine", request, value },
  sample: { machine: sampleMachine },
  timeoutMs: 120_000,
  body: String.raw`${findMachine}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent' } }
if ("$($vm.State)" -match '^(Saved|FastSaved|Hibernated)') {
  Hyper-V\Remove-VMSavedState -VM $vm
} elseif ("$($vm.State)" -notmatch '^(Off|OffCritical)$') {
  Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false
}
return @{ outcome = 'done' }`,
});

export const saveMachine = defineScript({
  ...{ name: "save-machine", request, value },
  sample: { machine: sampleMachine },
  timeoutMs: 300_000,
  body: String.raw`${findMachine}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent' } }
if ("$($vm.State)" -match '^Paused') { Hyper-V\Resume-VM -VM $vm }
if ("$($vm.State)" -notmatch '^(Running|Saved|FastSaved)') { return @{ outcome = 'off' } }
Hyper-V\Save-VM -VM $vm
return @{ outcome = 'done' }`,
});
