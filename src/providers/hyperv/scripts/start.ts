import * as z from "zod";
import { hardwareRequest, sampleHardware, setHardware } from "./hardware.ts";
import { findMachine } from "./machine-parts.ts";
import { defineScript } from "./script.ts";

/**
 * Powers the machine on, or lets it go on where it was saved or paused. The network of one that was saved may
 * have another subnet since: its cable is pulled out and put in again, upon which the guest asks for an address.
 * Disks of a checkpoint that was removed are merged for a while, when hardware may not be changed: a minute is
 * waited for that, then Hyper-V says what it says.
 */
export const startMachine = defineScript({
  name: "start-machine",
  request: hardwareRequest,
  value: z.object({ outcome: z.enum(["started", "running", "absent", "disk-missing", "busy"]) }),
  sample: sampleHardware,
  timeoutMs: 180_000,
  body: String.raw`${findMachine}${setHardware}
function Test-DataDisk($vm) {
  $drive = Get-DataDisk $vm
  return $null -ne $drive -and "$($drive.Path)" -ne '' -and (Test-Path -LiteralPath "$($drive.Path)")
}
function Wait-Merge {
  for ($second = 0; $second -lt 60; $second++) {
    $vm = Find-Machine
    if ("$($vm.PrimaryOperationalStatus) $($vm.SecondaryOperationalStatus)" -notmatch 'MergingDisks|DeletingSnapshot') { return }
    Start-Sleep -Seconds 1
  }
}
$vm = Find-Machine
if ($null -eq $vm) { return @{ outcome = 'absent' } }
switch -Regex ("$($vm.State)") {
  '^(Off|OffCritical)$' {
    if (-not (Test-Path -LiteralPath $request.diskPath)) { return @{ outcome = 'disk-missing' } }
    Wait-Merge
    Set-Hardware $vm
    if (-not (Test-DataDisk $vm)) { return @{ outcome = 'disk-missing' } }
    Hyper-V\Start-VM -VM $vm
    return @{ outcome = 'started' }
  }
  '^(Saved|FastSaved|Hibernated)' {
    if (-not (Test-DataDisk $vm)) { return @{ outcome = 'disk-missing' } }
    $adapter = @(Hyper-V\Get-VMNetworkAdapter -VM $vm)[0]
    $fitting = Find-FittingSwitch $adapter
    Hyper-V\Start-VM -VM $vm
    if ($null -ne $fitting) {
      Hyper-V\Disconnect-VMNetworkAdapter -VMNetworkAdapter $adapter
      Join-Network $adapter $fitting
    }
    return @{ outcome = 'started' }
  }
  '^Paused' {
    Hyper-V\Resume-VM -VM $vm
    return @{ outcome = 'started' }
  }
  '^Running' { return @{ outcome = 'running' } }
  default { return @{ outcome = 'busy' } }
}`,
});
