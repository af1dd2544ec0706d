import * as z from "zod";
import {
  findMachine,
  getMachines,
  machineSchema,
  sampleMachine,
  sampleMark,
  viewMachine,
  viewOrNothing,
} from "./machine-parts.ts";
import { defineScript } from "./script.ts";

export const lookAtMachine = defineScript({
  name: "look-at-machine",
  request: z.object({ machine: machineSchema }),
  value: viewOrNothing,
  sample: { machine: sampleMachine },
  timeoutMs: 60_000,
  body: `${findMachine}${viewMachine}
return @{ machine = (Get-View (Find-Machine)) }`,
});

/** All machines of this host, by name; those of other users and programs too. */
export const listMachines = defineScript({
  name: "list-machines",
  request: z.object({}),
  value: z.object({ machines: z.array(z.object({ id: z.guid(), name: z.string() })) }),
  sample: {},
  timeoutMs: 60_000,
  body: `${getMachines}
$machines = @(Get-Machines | ForEach-Object { @{ id = "$($_.Id)"; name = "$($_.Name)" } })
return @{ machines = $machines }`,
});

/**
 * Machines of tsmachine that have a disk in the folder, or had it when the folder was there, or that were to
 * get one: those have the folder's mark in their name. A host
 * without Hyper-V, or where it does not run, has none.
 */
export const findInFolder = defineScript({
  name: "find-in-folder",
  request: z.object({ folder: z.string(), mark: z.string() }),
  value: z.object({ ids: z.array(z.guid()) }),
  sample: {
    folder: "C:\\Users\\Zoë O'Neill\\.tsmachine\\machines\\default",
    mark: sampleMark,
  },
  timeoutMs: 120_000,
  body: String.raw`${getMachines}
$service = Get-Service -Name vmms -ErrorAction SilentlyContinue
$command = Get-Command -Name 'Hyper-V\Get-VM' -ErrorAction SilentlyContinue
if ($null -eq $command -or $null -eq $service -or "$($service.Status)" -ne 'Running') { return @{ ids = @() } }
$prefix = $request.folder + '\'
$own = @(Get-Machines | Where-Object { "$($_.Name) $($_.Notes)".Contains('tsmachine-') })
$ids = @($own | Where-Object {
  $disks = @(Hyper-V\Get-VMHardDiskDrive -VM $_ -ErrorAction SilentlyContinue | Where-Object {
    "$($_.Path)".StartsWith($prefix, [StringComparison]::OrdinalIgnoreCase)
  })
  $disks.Count -gt 0 -or "$($_.Name)".Contains($request.mark)
} | ForEach-Object { "$($_.Id)" })
return @{ ids = $ids }`,
});

/**
 * What the guest's KVP daemon has told of the addresses of each network card, and what this host's own
 * neighbour table knows of the card's MAC. One of zeros means that it has none yet. The table may know of the
 * address before this start: it counts when the daemon has been silent for longer than it takes.
 */
export const findAddresses = defineScript({
  name: "find-addresses",
  request: z.object({ machine: machineSchema }),
  value: z.object({
    state: z.string().nullable(),
    told: z.array(z.string()),
    neighbours: z.array(z.string()),
  }),
  sample: { machine: sampleMachine },
  timeoutMs: 60_000,
  body: String.raw`${findMachine}
$vm = Find-Machine
if ($null -eq $vm) { return @{ state = $null; told = @(); neighbours = @() } }
$adapters = @(Hyper-V\Get-VMNetworkAdapter -VM $vm)
$told = @($adapters | ForEach-Object { $_.IPAddresses } | ForEach-Object { "$_" })
$macs = @($adapters | ForEach-Object { "$($_.MacAddress)" } | Where-Object { $_ -match '^[0-9A-Fa-f]{12}$' -and $_ -ne '000000000000' })
if ($vm.Uptime.TotalSeconds -lt 30) { $macs = @() }
$neighbours = @($macs | ForEach-Object {
  $mac = ($_ -replace '(..)(?=.)', '$1-').ToUpperInvariant()
  Get-NetNeighbor -LinkLayerAddress $mac -AddressFamily IPv4 -ErrorAction SilentlyContinue
} | Where-Object { @('Reachable', 'Permanent', 'Stale') -contains "$($_.State)" } | Sort-Object -Property State -Descending | ForEach-Object { "$($_.IPAddress)" })
return @{ state = "$($vm.State)"; told = $told; neighbours = $neighbours }`,
});
