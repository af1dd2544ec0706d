import * as z from "zod";

/** How a machine is found: by its id once it is known, or by the tag that tsmachine has put on it. */
export const machineSchema = z.object({
  id: z.guid().nullable(),
  /** "tsmachine-" and a UUID; in the machine's notes, and its name until it is complete. */
  tag: z.string(),
});
export type MachineKey = z.infer<typeof machineSchema>;

export const sampleMachine: MachineKey = {
  id: "3f0a1c52-7d4e-4b7a-9a3c-5f1d2e6b8c90",
  tag: "tsmachine-0b8f6a1e-52c4-4f5e-8d37-6c1a9e2f7b40",
};

export const sampleMark = "in-8c1f3ab7d2e94650b1a7c3d5e6f70819";

/** State's name of the enumeration VMState is not localised; its numbers differ between versions. */
const viewSchema = z.object({
  id: z.guid(),
  name: z.string(),
  state: z.string(),
  generation: z.number(),
  disks: z.array(z.string()),
});

export const viewOrNothing = z.object({ machine: viewSchema.nullable() });

/**
 * Listing fails when another program removes a machine meanwhile: once more, and only what stays, such as a
 * stopped service, is a failure. Nothing is given out in `try`: it would catch what goes wrong with that, too.
 */
export const getMachines = String.raw`
function Get-Machines {
  try { $machines = @(Hyper-V\Get-VM) } catch { $machines = @(Hyper-V\Get-VM) }
  return $machines
}`;

/**
 * Names are neither unique nor literal for -Name, which takes wildcards. By the tag only before the id is
 * known: whoever copies a machine copies its notes. ObjectNotFound may also mean that the service is stopped, or
 * that this user may not ask it: a machine is gone only where those that are there can be listed.
 */
export const findMachine = String.raw`${getMachines}
function Find-Machine {
  if ($null -eq $request.machine.id) {
    return Get-Machines | Where-Object { "$($_.Name) $($_.Notes)".Contains($request.machine.tag) } | Select-Object -First 1
  }
  try { return Hyper-V\Get-VM -Id $request.machine.id }
  catch {
    if ($_.FullyQualifiedErrorId -notmatch '^(InvalidParameter|ObjectNotFound),') { throw }
  }
  return Get-Machines | Where-Object { "$($_.Id)" -eq $request.machine.id } | Select-Object -First 1
}`;

/** An empty path is that of a drive with nothing in it. */
export const viewMachine = String.raw`
function Get-View($vm) {
  if ($null -eq $vm) { return $null }
  $disks = @(Hyper-V\Get-VMHardDiskDrive -VM $vm | ForEach-Object { "$($_.Path)" } | Where-Object { $_ -ne '' })
  return @{
    id = "$($vm.Id)"
    name = "$($vm.Name)"
    state = "$($vm.State)"
    generation = [int]$vm.Generation
    disks = $disks
  }
}`;
