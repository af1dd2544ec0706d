import * as z from "zod";
import { machineSchema, sampleMachine } from "./machine-parts.ts";
import { defaultSwitchId } from "./switches.ts";

/** Where the drives are, of both generations: SCSI of generation 1 does not boot, IDE has four places. */
export const hardwareRequest = z.object({
  machine: machineSchema,
  name: z.string(),
  generation: z.union([z.literal(1), z.literal(2)]),
  memoryBytes: z.int(),
  /** Null: the machine has all its memory from the start. */
  leastMemoryBytes: z.int().nullable(),
  processorCount: z.int(),
  switchId: z.guid(),
  /** For a switch that was made anew: its id is another then. */
  switchName: z.string(),
  /** Twelve hexadecimal digits; null: Hyper-V chooses one. */
  macAddress: z.string().nullable(),
  vlanId: z.int().nullable(),
  consolePipe: z.string(),
  diskPath: z.string(),
  diskBytes: z.int(),
  bootIso: z.string(),
  engineImage: z.string(),
  seedImage: z.string(),
});
export type HardwareRequest = z.infer<typeof hardwareRequest>;

const sampleStore = "C:\\Users\\Zoë O'Neill\\.tsmachine";

export const sampleHardware: HardwareRequest = {
  machine: sampleMachine,
  name: "default",
  generation: 2,
  memoryBytes: 2_147_483_648,
  leastMemoryBytes: 536_870_912,
  processorCount: 2,
  switchId: defaultSwitchId,
  switchName: "Default Switch",
  macAddress: "00155d380102",
  vlanId: 7,
  consolePipe: String.raw`\\.\pipe\tsmachine-0b8f6a1e-52c4-4f5e-8d37-6c1a9e2f7b40`,
  diskPath: `${sampleStore}\\machines\\default\\disks\\data.vhdx`,
  diskBytes: 20_971_520_000,
  bootIso: `${sampleStore}\\cache\\images\\boot-6.12-amd64\\boot.iso`,
  engineImage: `${sampleStore}\\cache\\images\\engine-26.1-amd64\\engine.iso`,
  seedImage: `${sampleStore}\\machines\\default\\seed.iso`,
};

/**
 * Gives a machine that is off the hardware that the request asks for. The disk is left as it is where
 * checkpoints have put another file in its place, which lies beside it; disks that somebody has added are none of
 * ours. Images are inserted anew although their paths are the
 * same: Hyper-V lets the machine read a file as it is inserted, and files are replaced by others.
 */
export const setHardware = String.raw`
function Set-Dvd($vm, $number, $location, $path) {
  if ($null -eq (Get-Dvd $vm $number $location)) {
    Hyper-V\Add-VMDvdDrive -VM $vm -ControllerNumber $number -ControllerLocation $location
  } else {
    Hyper-V\Set-VMDvdDrive -VMDvdDrive (Get-Dvd $vm $number $location) -Path $null
  }
  if (Test-Path -LiteralPath $path) {
    Hyper-V\Set-VMDvdDrive -VMDvdDrive (Get-Dvd $vm $number $location) -Path $path
  }
}
function Get-Dvd($vm, $number, $location) {
  Hyper-V\Get-VMDvdDrive -VM $vm | Where-Object { $_.ControllerNumber -eq $number -and $_.ControllerLocation -eq $location } | Select-Object -First 1
}
function Get-DataDisk($vm) {
  $folder = [IO.Path]::GetDirectoryName($request.diskPath)
  $drives = @(Hyper-V\Get-VMHardDiskDrive -VM $vm)
  $inside = @($drives | Where-Object { "$($_.Path)".StartsWith($folder, [StringComparison]::OrdinalIgnoreCase) })
  if ($inside.Count -gt 0) { return $inside[0] }
  return $drives | Where-Object { "$($_.ControllerType)" -eq 'SCSI' -and $_.ControllerNumber -eq 0 -and $_.ControllerLocation -eq 3 } | Select-Object -First 1
}
function Set-DataDisk($vm) {
  if (@(Hyper-V\Get-VMScsiController -VM $vm).Count -eq 0) { Hyper-V\Add-VMScsiController -VM $vm }
  $drive = Get-DataDisk $vm
  if ($null -eq $drive) {
    Hyper-V\Add-VMHardDiskDrive -VM $vm -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 3 -Path $request.diskPath
  } elseif ("$($drive.Path)" -like '*.vhdx' -and "$($drive.Path)" -ne $request.diskPath) {
    Hyper-V\Set-VMHardDiskDrive -VMHardDiskDrive $drive -Path $request.diskPath
  }
}
function Set-Memory($vm) {
  if ($null -eq $request.leastMemoryBytes) {
    Hyper-V\Set-VM -VM $vm -StaticMemory -MemoryStartupBytes $request.memoryBytes
  } else {
    Hyper-V\Set-VM -VM $vm -DynamicMemory -MemoryMinimumBytes $request.leastMemoryBytes -MemoryStartupBytes $request.memoryBytes -MemoryMaximumBytes $request.memoryBytes
  }
}
function Find-FittingSwitch($adapter) {
  $switches = @(Hyper-V\Get-VMSwitch)
  $fitting = @($switches | Where-Object { "$($_.Id)" -eq $request.switchId })
  if ($fitting.Count -eq 0) { $fitting = @($switches | Where-Object { "$($_.Name)" -ceq $request.switchName }) }
  if ($fitting.Count -gt 0) { return $fitting[0] }
  if ("$($adapter.SwitchName)" -eq '') { throw 'SwitchMissing' }
}
function Set-Network($vm) {
  $adapter = @(Hyper-V\Get-VMNetworkAdapter -VM $vm)[0]
  $fitting = Find-FittingSwitch $adapter
  if ($null -ne $fitting) { Join-Network $adapter $fitting }
  if ($null -ne $request.macAddress) {
    Hyper-V\Set-VMNetworkAdapter -VMNetworkAdapter $adapter -StaticMacAddress $request.macAddress
  }
}
function Join-Network($adapter, $switch) {
  Hyper-V\Connect-VMNetworkAdapter -VMNetworkAdapter $adapter -VMSwitch $switch
  if ($null -ne $request.vlanId) {
    Hyper-V\Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Access -VlanId $request.vlanId
  }
}
function Set-Hardware($vm) {
  Hyper-V\Set-VM -VM $vm -ProcessorCount $request.processorCount -AutomaticStartAction Nothing -AutomaticStopAction ShutDown -CheckpointType Standard
  if (-not "$($vm.Notes)".Contains($request.machine.tag)) {
    Hyper-V\Set-VM -VM $vm -Notes ("$($vm.Notes) $($request.machine.tag)".Trim())
  }
  if ((Get-Command -Name 'Hyper-V\Set-VM').Parameters.ContainsKey('AutomaticCheckpointsEnabled')) {
    Hyper-V\Set-VM -VM $vm -AutomaticCheckpointsEnabled $false
  }
  Set-Memory $vm
  Set-Network $vm
  Hyper-V\Set-VMComPort -VM $vm -Number 1 -Path $request.consolePipe
  Set-DataDisk $vm
  Set-Dvd $vm 0 0 $request.bootIso
  Set-Dvd $vm 0 1 $request.engineImage
  if ($request.generation -eq 1) {
    Set-Dvd $vm 1 0 $request.seedImage
  } else {
    Set-Dvd $vm 0 2 $request.seedImage
    Hyper-V\Set-VMFirmware -VM $vm -EnableSecureBoot Off -FirstBootDevice (Get-Dvd $vm 0 0)
  }
}`;
