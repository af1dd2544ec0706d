/** Scripts that Windows PowerShell 5.1 takes, as a provider of Hyper-V has use for, by what they show. */
export const correctScripts: readonly (readonly [shows: string, text: string])[] = [
  [
    "a request in an envelope, an answer between markers",
    `param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$json = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('e30='))
$request = ConvertFrom-Json -InputObject $json
try {
  $answer = @{ ok = $true; value = @(Get-VM -Name $request.name -ErrorAction Stop) }
} catch [Microsoft.HyperV.PowerShell.VirtualizationException] {
  $answer = @{ ok = $false; message = $_.Exception.Message; id = "$($_.FullyQualifiedErrorId)" }
} catch {
  throw
} finally {
  Remove-Item -LiteralPath $request.path -Force -ErrorAction SilentlyContinue
}
$text = ConvertTo-Json -InputObject $answer -Depth 6 -Compress
$ascii = [regex]::Replace($text, '[^\\x20-\\x7e]', {
  param($match)
  '\\u{0:x4}' -f [int][char]$match.Value
})
[Console]::Out.WriteLine('<<<' + $ascii + '>>>')
`,
  ],
  [
    "what a host has",
    `$found = Get-Command -Name 'Hyper-V\\New-VM' -ErrorAction SilentlyContinue
$service = Get-Service -Name vmms -ErrorAction SilentlyContinue
$identity = [Security.Principal.WindowsIdentity]::GetCurrent()
$principal = New-Object Security.Principal.WindowsPrincipal $identity
$encoding = New-Object Text.UTF8Encoding($false)
$sid = New-Object -TypeName Security.Principal.SecurityIdentifier -ArgumentList 'S-1-5-32-578'
[PSCustomObject]@{
  hasModule = $null -ne $found
  isRunning = $null -ne $service -and "$($service.Status)" -eq 'Running'
  isHypervisorPresent = (Get-CimInstance -ClassName Win32_ComputerSystem).HypervisorPresent
  mayUse = $principal.IsInRole($sid)
}
`,
  ],
  [
    "switches and their ids",
    `$switches = @(Hyper-V\\Get-VMSwitch)
$default = Get-VMSwitch -Id 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444' -ErrorAction SilentlyContinue
Get-VMSwitch -SwitchType 'External', 'Internal' | Sort-Object -Property Name | ForEach-Object {
  "$($_.Id) $($_.Name)"
}
`,
  ],
  [
    "a machine made with splatted arguments",
    `$arguments = @{
  Name = $request.name
  Generation = 2
  MemoryStartupBytes = $request.memoryBytes
  VHDPath = $request.diskPath
  Path = Join-Path -Path $request.folder -ChildPath 'vm'
  'Confirm' = $false
}
if ($request.switch) { $arguments.SwitchName = $request.switch }
if ($request.version) { $arguments['Version'] = $request.version }
$null = New-VHD -Path $request.diskPath -SizeBytes 21474836480 -Dynamic -Confirm:$false
$vm = New-VM @arguments -ErrorAction Stop
Set-VM -VM $vm -ProcessorCount 4 -StaticMemory -AutomaticStartAction Nothing \`
  -AutomaticStopAction ShutDown -CheckpointType Standard -Notes $request.notes -Confirm:$false
Set-VM -VM $vm -AutomaticCheckpointsEnabled $false
Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 1073741824
Set-VMFirmware -VM $vm -EnableSecureBoot Off
Add-VMDvdDrive -VM $vm -ControllerNumber 0 -ControllerLocation 1 -Path $request.isoPath
$dvd = Get-VMDvdDrive -VM $vm
$disk = Get-VMHardDiskDrive -VM $vm
Set-VMFirmware -VM $vm -BootOrder $dvd, $disk
Set-VMComPort -VM $vm -Number 1 -Path '\\\\.\\pipe\\serial'
`,
  ],
  [
    "a machine that is switched on and off",
    `$vm = Get-VM -Id 5a1f3c9e-7b52-4c36-9a40-0e6a5c1d2b3f
switch ("$($vm.State)") {
  'Off' { Start-VM -VM $vm -Confirm:$false }
  'Saved' { $vm | Start-VM }
  default { Write-Output -InputObject 'on' }
}
Stop-VM -VM $vm -Force -Confirm:$false
Stop-VM -VM $vm -TurnOff -Force
Save-VM -VM $vm
Get-VM -Name $name | Where-Object { $_.Id -eq $id } | Stop-VM -TurnOff -Passthru | Remove-VM -Force
Get-VM | Where-Object Enabled -EQ $true | Where-Object -Property State -EQ -Value 'Off'
`,
  ],
  [
    "checkpoints",
    `Checkpoint-VM -VM $vm -SnapshotName $name
$snapshot = Get-VMSnapshot -VM $vm -Name $name | Select-Object -First 1
Restore-VMSnapshot -VMSnapshot $snapshot -Confirm:$false
Remove-VMSnapshot -VMSnapshot $snapshot -IncludeAllChildSnapshots -Confirm: $false
Get-VMSnapshot $vm $name
Get-VMSnapshot -VM $vm -Name $request.name.Substring(0, 3) -ErrorAction:Stop
`,
  ],
  [
    "addresses",
    `$adapter = Get-VMNetworkAdapter -VM $vm
Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Access -VlanId 12
$addresses = @($adapter.IPAddresses | Where-Object { $_ -like '*.*' })
if ($addresses.Count -eq 0) {
  $mac = $adapter.MacAddress -replace '(..)(?!$)', '$1-'
  $near = Get-NetNeighbor -LinkLayerAddress $mac -AddressFamily IPv4 -ErrorAction Ignore
  $addresses = @(foreach ($one in $near) { $one.IPAddress })
}
`,
  ],
  [
    "functions, and blocks that are called",
    `function Get-Machine {
  [CmdletBinding()]
  param(
    [Parameter(Mandatory = $true)] [guid] $Id,
    [switch] $Quietly
  )
  process { Get-VM -Id $Id -ErrorAction Stop }
}
function Add-Undo([scriptblock] $Work) {
  & $Work
  . { Get-VM } > $null
}
$work = { Write-Output 'done' }
Get-Machine -Id $id -Quietly -ErrorAction Stop
Add-Undo { Get-Machine $id 2>&1 }
Add-Undo -Work $work
& $work
`,
  ],
  [
    "strings with odd things in them",
    `<# a { comment #>
$one = @'
it's "$(not run) && {
'@
$two = @"
a "word" and $($vm.Name) {
"@
# it's a ( comment
$three = "a ""b"" \`" $(Get-VM -Name "x") && \${name} ?? {"
$four = 'it''s ?. ( ''' + $one # )
$five = $(if ($?) { 'C:\\a b' } else { "$env:SystemRoot\\x" })
`,
  ],
  [
    "arguments that are known at run time alone",
    `$given = $x
New-VM @given
Start-VM @PSBoundParameters
if ($id) { $which = @{ Id = $id } } else { $which = @{ Name = $name } }
Get-VM @which -ErrorAction Stop
$disk = @{ Name = $name }
if ($path) { $disk.VHDPath = $path } else { $disk.NoVHD = $true }
New-VM @disk
`,
  ],
];
