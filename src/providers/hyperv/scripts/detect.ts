import * as z from "zod";
import { defineScript } from "./script.ts";
import { defaultSwitchId } from "./switches.ts";

export const factsSchema = z.object({
  /** Whether the Hyper-V module for PowerShell is there. */
  hasModule: z.boolean(),
  hypervisorRuns: z.boolean(),
  /** Of Win32_Processor; false also where a hypervisor that runs hides it. */
  virtualizationInFirmware: z.boolean(),
  /** Of the virtual machine management service: "Running", "Stopped", …; "Absent" without it. */
  service: z.string(),
  isAdministrator: z.boolean(),
  isHyperVAdministrator: z.boolean(),
  /** This user's SID. */
  user: z.string(),
  /** Whether there is a switch that a machine gets unless one is named; true where that cannot be seen. */
  hasSwitch: z.boolean(),
  /** OperatingSystemSKU of Win32_OperatingSystem. */
  edition: z.number(),
  /** Its ProductType: 1 is a workstation. */
  productType: z.number(),
  /** Such as "10.0.22631". */
  version: z.string(),
});
export type HyperVFacts = z.infer<typeof factsSchema>;

/** Groups are asked by SID, because their names are localised; a SID as text would be a name. */
export const detect = defineScript({
  name: "detect",
  request: z.object({}),
  value: factsSchema,
  sample: {},
  timeoutMs: 60_000,
  body: String.raw`
$computer = Get-CimInstance -ClassName Win32_ComputerSystem
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$processors = @(Get-CimInstance -ClassName Win32_Processor)
$service = Get-Service -Name vmms -ErrorAction SilentlyContinue
$command = Get-Command -Name 'Hyper-V\New-VM' -ErrorAction SilentlyContinue
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList $identity
$administrators = New-Object -TypeName Security.Principal.SecurityIdentifier -ArgumentList 'S-1-5-32-544'
$hyperVAdministrators = New-Object -TypeName Security.Principal.SecurityIdentifier -ArgumentList 'S-1-5-32-578'
$state = 'Absent'
if ($null -ne $service) { $state = "$($service.Status)" }
$hasSwitch = $true
try {
  $hasSwitch = @(Hyper-V\Get-VMSwitch | Where-Object { "$($_.SwitchType)" -eq 'External' -or "$($_.Id)" -eq '${defaultSwitchId}' }).Count -gt 0
} catch {
  $hasSwitch = $true
}
return @{
  user = "$($identity.User.Value)"
  hasSwitch = $hasSwitch
  hasModule = $null -ne $command
  hypervisorRuns = [bool]$computer.HypervisorPresent
  virtualizationInFirmware = [bool]$processors[0].VirtualizationFirmwareEnabled
  service = $state
  isAdministrator = $principal.IsInRole($administrators)
  isHyperVAdministrator = $principal.IsInRole($hyperVAdministrators)
  edition = [int]$system.OperatingSystemSKU
  productType = [int]$system.ProductType
  version = "$($system.Version)"
}`,
});
