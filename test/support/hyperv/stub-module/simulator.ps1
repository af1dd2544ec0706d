# One host's Hyper-V, for functions that bind parameters as its cmdlets do and hand over what was bound.
# It lives in the JSON file that $env:TSMACHINE_SIMULATED_HYPERV names, since each script is a process of
# its own. Within one, machines and their parts are objects that change as Hyper-V's do. Nothing serves
# the console's pipe.

$script:worldPath = $env:TSMACHINE_SIMULATED_HYPERV
$script:world = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($script:worldPath))

function Save-World {
  $text = ConvertTo-Json -InputObject $script:world -Depth 10
  $next = "$($script:worldPath).$PID"
  [IO.File]::WriteAllText($next, $text)
  Move-Item -LiteralPath $next -Destination $script:worldPath -Force
}

# What is thrown has the id that an error of the cmdlet would have.
function Stop-ByFault($cmdlet, $id, $category, $message) {
  $fullId = "$id,Microsoft.HyperV.PowerShell.Commands.$($cmdlet.Replace('-', ''))"
  $exception = New-Object -TypeName InvalidOperationException -ArgumentList $message
  throw [Management.Automation.ErrorRecord]::new($exception, $fullId, $category, $null)
}

function Find-GivenMachines($cmdlet, $given) {
  if (-not $given.ContainsKey('VM')) { throw "the simulator's $cmdlet takes machines and not their names" }
  foreach ($vm in $given.VM) {
    $found = @($script:world.machines | Where-Object { $_.Id -eq $vm.Id })
    if ($found.Count -eq 0) { Stop-ByFault $cmdlet 'InvalidParameter' 'InvalidArgument' 'there is no such machine' }
    $found[0]
  }
}

function Assert-State($cmdlet, $vm, $pattern) {
  if ($vm.State -notmatch $pattern) { Stop-ByFault $cmdlet 'InvalidState' 'NotSpecified' "the machine is $($vm.State)" }
}

function Assert-File($cmdlet, $path) {
  if (-not (Test-Path -LiteralPath $path)) {
    Stop-ByFault $cmdlet 'OperationFailed' 'NotSpecified' "there is no file $path (0x80070002)"
  }
}

# IDE has two controllers with two places each.
function Assert-FreePlace($cmdlet, $vm, $type, $number, $location) {
  $same = @(@($vm.HardDrives) + @($vm.DvdDrives) | Where-Object {
    $_.ControllerType -eq $type -and $_.ControllerNumber -eq $number -and $_.ControllerLocation -eq $location
  })
  $isBeyond = $type -eq 'IDE' -and ($number -gt 1 -or $location -gt 1)
  if ($same.Count -gt 0 -or $isBeyond) {
    Stop-ByFault $cmdlet 'OperationFailed' 'NotSpecified' "the place $type ${number}:$location cannot be had"
  }
}

function Switch-On($vm) {
  $vm.State = 'Running'
  $script:world.starts += 1
  foreach ($adapter in $vm.Adapters) {
    if ($adapter.MacAddress -eq '000000000000') {
      $adapter.MacAddress = '00155D38{0:X4}' -f [int]$script:world.starts
    }
    $adapter.IPAddresses = @('fe80::215:5dff:fe38:102', "172.28.$($script:world.starts).7")
  }
}

function Switch-Off($vm, $newState) {
  $vm.State = $newState
  foreach ($adapter in $vm.Adapters) { $adapter.IPAddresses = @() }
}

# From a checkpoint on, what the guest writes goes into another file.
function Add-Layer($vm) {
  foreach ($drive in $vm.HardDrives) {
    $layer = $drive.BasePath -replace '\.vhdx$', "_$([guid]::NewGuid()).avhdx"
    [IO.File]::WriteAllText($layer, 'a layer of a virtual disk')
    $drive.Layers = @($drive.Layers) + @($layer)
    $drive.Path = $layer
  }
}

function Merge-Layers($vm) {
  foreach ($drive in $vm.HardDrives) {
    foreach ($layer in $drive.Layers) {
      if (Test-Path -LiteralPath $layer) { Remove-Item -LiteralPath $layer }
    }
    $drive.Layers = @()
    $drive.Path = $drive.BasePath
  }
}

function New-DvdDrive($vm, $number, $location, $path) {
  $type = 'SCSI'
  if ($vm.Generation -eq 1) { $type = 'IDE' }
  [pscustomobject]@{
    VMId = $vm.Id
    ControllerType = $type
    ControllerNumber = [int]$number
    ControllerLocation = [int]$location
    Path = "$path"
  }
}

# With this error, whatever is asked for, the cmdlet also tells that its service is stopped.
function Simulate-Get-VM($given) {
  if (-not $script:world.isServed) {
    Stop-ByFault 'Get-VM' 'ObjectNotFound' 'ObjectNotFound' 'the object was not found'
  }
  if ($given.ContainsKey('Id')) {
    $found = @($script:world.machines | Where-Object { $_.Id -eq "$($given.Id)" })
    if ($found.Count -eq 0) { Stop-ByFault 'Get-VM' 'InvalidParameter' 'InvalidArgument' 'there is no such machine' }
    return $found
  }
  $name = '*'
  if ($given.ContainsKey('Name')) { $name = $given.Name[0] }
  $script:world.machines | Where-Object { $_.Name -like $name }
}

# A machine of generation 1 has an empty DVD drive from the start.
function Simulate-New-VM($given) {
  $generation = 1
  if ($given.ContainsKey('Generation')) { $generation = [int]$given.Generation }
  $id = [guid]::NewGuid().ToString()
  $adapter = [pscustomobject]@{
    VMId = $id
    Name = 'Network Adapter'
    SwitchId = ''
    MacAddress = '000000000000'
    VlanId = 0
    IPAddresses = @()
  }
  $vm = [pscustomobject]@{
    Id = $id
    Name = "$($given.Name)"
    Notes = ''
    State = 'Off'
    Generation = $generation
    ProcessorCount = 1
    DynamicMemoryEnabled = $false
    MemoryStartupBytes = [long]$given.MemoryStartupBytes
    MemoryMinimumBytes = [long]536870912
    MemoryMaximumBytes = [long]1099511627776
    AutomaticStartAction = 'StartIfRunning'
    AutomaticStopAction = 'Save'
    AutomaticCheckpointsEnabled = $true
    CheckpointType = 'Production'
    SecureBoot = 'On'
    FirstBootDevice = ''
    ComPort1 = ''
    Adapters = @($adapter)
    HardDrives = @()
    DvdDrives = @()
    Checkpoints = @()
  }
  if ($generation -eq 1) { $vm.DvdDrives = @(New-DvdDrive $vm 1 0 '') }
  $script:world.machines = @($script:world.machines) + @($vm)
  Save-World
  $vm
}

function Simulate-Set-VM($given) {
  $hardware = @('ProcessorCount', 'MemoryStartupBytes', 'MemoryMinimumBytes', 'MemoryMaximumBytes')
  $others = @('AutomaticStartAction', 'AutomaticStopAction', 'AutomaticCheckpointsEnabled', 'CheckpointType', 'Notes')
  foreach ($vm in @(Find-GivenMachines 'Set-VM' $given)) {
    foreach ($property in @($hardware + $others)) {
      if (-not $given.ContainsKey($property)) { continue }
      if ($hardware -contains $property) { Assert-State 'Set-VM' $vm '^Off$' }
      $vm.$property = $given[$property]
    }
    if ($given.ContainsKey('DynamicMemory')) { $vm.DynamicMemoryEnabled = $true }
    if ($given.ContainsKey('StaticMemory')) { $vm.DynamicMemoryEnabled = $false }
    $isOutside = $vm.MemoryStartupBytes -lt $vm.MemoryMinimumBytes -or $vm.MemoryStartupBytes -gt $vm.MemoryMaximumBytes
    if ($vm.DynamicMemoryEnabled -and $isOutside) {
      Stop-ByFault 'Set-VM' 'InvalidParameter' 'InvalidArgument' 'the memory at the start is not between the least and the most'
    }
  }
  Save-World
}

function Simulate-Rename-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Rename-VM' $given)) { $vm.Name = "$($given.NewName)" }
  Save-World
}

function Simulate-Remove-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Remove-VM' $given)) {
    Assert-State 'Remove-VM' $vm '^(Off|Saved)$'
    Merge-Layers $vm
    $script:world.machines = @($script:world.machines | Where-Object { $_.Id -ne $vm.Id })
  }
  Save-World
}

function Simulate-Start-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Start-VM' $given)) {
    if ($vm.State -eq 'Running') { continue }
    Assert-State 'Start-VM' $vm '^(Off|Saved|Paused)$'
    foreach ($drive in $vm.HardDrives) { Assert-File 'Start-VM' $drive.Path }
    Switch-On $vm
  }
  Save-World
}

function Simulate-Stop-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Stop-VM' $given)) {
    if ($vm.State -eq 'Off') { continue }
    Assert-State 'Stop-VM' $vm '^(Running|Paused)$'
    Switch-Off $vm 'Off'
  }
  Save-World
}

function Simulate-Save-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Save-VM' $given)) {
    if ($vm.State -eq 'Saved') { continue }
    Assert-State 'Save-VM' $vm '^(Running|Paused)$'
    Switch-Off $vm 'Saved'
  }
  Save-World
}

function Simulate-Resume-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Resume-VM' $given)) {
    Assert-State 'Resume-VM' $vm '^(Running|Paused)$'
    $vm.State = 'Running'
  }
  Save-World
}

function Simulate-Remove-VMSavedState($given) {
  foreach ($vm in @(Find-GivenMachines 'Remove-VMSavedState' $given)) {
    Assert-State 'Remove-VMSavedState' $vm '^Saved$'
    $vm.State = 'Off'
  }
  Save-World
}

function Simulate-New-VHD($given) {
  foreach ($path in $given.Path) {
    if (Test-Path -LiteralPath $path) {
      Stop-ByFault 'New-VHD' 'OperationFailed' 'NotSpecified' "there is a file $path (0x80070050)"
    }
    [IO.File]::WriteAllText($path, 'a virtual disk')
    [pscustomobject]@{ Path = $path; Size = $given.SizeBytes }
  }
}

function Simulate-Get-VMHardDiskDrive($given) {
  foreach ($vm in @(Find-GivenMachines 'Get-VMHardDiskDrive' $given)) { $vm.HardDrives }
}

function Simulate-Add-VMHardDiskDrive($given) {
  foreach ($vm in @(Find-GivenMachines 'Add-VMHardDiskDrive' $given)) {
    $type = $given.ControllerType
    $number = [int]$given.ControllerNumber
    $location = [int]$given.ControllerLocation
    Assert-FreePlace 'Add-VMHardDiskDrive' $vm $type $number $location
    Assert-File 'Add-VMHardDiskDrive' $given.Path
    $drive = [pscustomobject]@{
      VMId = $vm.Id
      ControllerType = $type
      ControllerNumber = $number
      ControllerLocation = $location
      Path = $given.Path
      BasePath = $given.Path
      Layers = @()
    }
    $vm.HardDrives = @($vm.HardDrives) + @($drive)
  }
  Save-World
}

function Simulate-Set-VMHardDiskDrive($given) {
  Assert-File 'Set-VMHardDiskDrive' $given.Path
  foreach ($drive in $given.VMHardDiskDrive) {
    $drive.Path = $given.Path
    $drive.BasePath = $given.Path
  }
  Save-World
}

function Simulate-Get-VMDvdDrive($given) {
  foreach ($vm in @(Find-GivenMachines 'Get-VMDvdDrive' $given)) { $vm.DvdDrives }
}

# Every machine has one from the start.
function Simulate-Get-VMScsiController($given) {
  foreach ($vm in @(Find-GivenMachines 'Get-VMScsiController' $given)) { @{ VMName = $vm.Name; ControllerNumber = 0 } }
}

function Simulate-Add-VMScsiController($given) {
  Stop-ByFault 'Add-VMScsiController' 'InvalidState' 'NotSpecified' 'there is one already'
}

function Simulate-Add-VMDvdDrive($given) {
  foreach ($vm in @(Find-GivenMachines 'Add-VMDvdDrive' $given)) {
    $drive = New-DvdDrive $vm $given.ControllerNumber $given.ControllerLocation $given.Path
    Assert-FreePlace 'Add-VMDvdDrive' $vm $drive.ControllerType $drive.ControllerNumber $drive.ControllerLocation
    $vm.DvdDrives = @($vm.DvdDrives) + @($drive)
  }
  Save-World
}

function Simulate-Set-VMDvdDrive($given) {
  foreach ($drive in $given.VMDvdDrive) { $drive.Path = "$($given.Path)" }
  Save-World
}

function Simulate-Set-VMFirmware($given) {
  foreach ($vm in @(Find-GivenMachines 'Set-VMFirmware' $given)) {
    if ($vm.Generation -ne 2) {
      Stop-ByFault 'Set-VMFirmware' 'InvalidParameter' 'InvalidArgument' 'a machine of generation 1 has no such firmware'
    }
    if ($given.ContainsKey('EnableSecureBoot')) { $vm.SecureBoot = $given.EnableSecureBoot }
    if ($given.ContainsKey('FirstBootDevice')) { $vm.FirstBootDevice = "$($given.FirstBootDevice.Path)" }
  }
  Save-World
}

function Simulate-Set-VMComPort($given) {
  foreach ($vm in @(Find-GivenMachines 'Set-VMComPort' $given)) {
    if ($given.Number -eq 1) { $vm.ComPort1 = $given.Path }
  }
  Save-World
}

function Simulate-Get-VMSwitch($given) {
  if (-not $given.ContainsKey('Id')) { return $script:world.switches }
  foreach ($id in $given.Id) {
    $found = @($script:world.switches | Where-Object { $_.Id -eq "$id" })
    if ($found.Count -eq 0) {
      Stop-ByFault 'Get-VMSwitch' 'InvalidParameter' 'InvalidArgument' 'there is no such virtual switch'
    }
    $found[0]
  }
}

function Simulate-Get-VMNetworkAdapter($given) {
  foreach ($vm in @(Find-GivenMachines 'Get-VMNetworkAdapter' $given)) { $vm.Adapters }
}

function Simulate-Disconnect-VMNetworkAdapter($given) {
  foreach ($adapter in $given.VMNetworkAdapter) { $adapter.SwitchId = '' }
  Save-World
}

# A guest whose cable was out asks for an address.
function Simulate-Connect-VMNetworkAdapter($given) {
  foreach ($adapter in $given.VMNetworkAdapter) {
    if ($adapter.SwitchId -eq '' -and @($adapter.IPAddresses).Count -gt 0) {
      $script:world.starts += 1
      $adapter.IPAddresses = @("172.28.$($script:world.starts).7")
    }
    $adapter.SwitchId = "$($given.VMSwitch.Id)"
  }
  Save-World
}

function Simulate-Set-VMNetworkAdapter($given) {
  if ($given.ContainsKey('StaticMacAddress')) { $given.VMNetworkAdapter.MacAddress = $given.StaticMacAddress }
  Save-World
}

function Simulate-Set-VMNetworkAdapterVlan($given) {
  foreach ($adapter in $given.VMNetworkAdapter) {
    if ($given.ContainsKey('Access')) { $adapter.VlanId = $given.VlanId }
  }
  Save-World
}

function Simulate-Get-VMSnapshot($given) {
  foreach ($vm in @(Find-GivenMachines 'Get-VMSnapshot' $given)) { $vm.Checkpoints }
}

function Simulate-Checkpoint-VM($given) {
  foreach ($vm in @(Find-GivenMachines 'Checkpoint-VM' $given)) {
    Assert-State 'Checkpoint-VM' $vm '^(Off|Running|Saved|Paused)$'
    $kept = 'Saved'
    if ($vm.State -eq 'Off') { $kept = 'Off' }
    $script:world.checkpoints += 1
    $checkpoint = [pscustomobject]@{
      Id = [guid]::NewGuid().ToString()
      VMId = $vm.Id
      Name = "$($given.SnapshotName)"
      CreationTime = $script:world.checkpoints
      State = $kept
    }
    $vm.Checkpoints = @($vm.Checkpoints) + @($checkpoint)
    Add-Layer $vm
  }
  Save-World
}

function Simulate-Restore-VMSnapshot($given) {
  $checkpoint = $given.VMSnapshot
  foreach ($vm in @($script:world.machines | Where-Object { $_.Id -eq $checkpoint.VMId })) {
    Switch-Off $vm $checkpoint.State
    Add-Layer $vm
  }
  Save-World
}

function Simulate-Remove-VMSnapshot($given) {
  foreach ($checkpoint in $given.VMSnapshot) {
    foreach ($vm in @($script:world.machines | Where-Object { $_.Id -eq $checkpoint.VMId })) {
      $vm.Checkpoints = @($vm.Checkpoints | Where-Object { $_.Id -ne $checkpoint.Id })
      if ($vm.Checkpoints.Count -eq 0) { Merge-Layers $vm }
    }
  }
  Save-World
}

function Simulate-Get-Service($given) {
  if ($given.Name -contains 'vmms') { [pscustomobject]@{ Name = 'vmms'; Status = 'Running' } }
}

function Simulate-Get-NetNeighbor($given) {
  $script:world.neighbours | Where-Object { $given.LinkLayerAddress -contains $_.LinkLayerAddress }
}

function Simulate-Get-CimInstance($given) {
  switch ($given.ClassName) {
    'Win32_ComputerSystem' { return [pscustomobject]@{ HypervisorPresent = $true } }
    'Win32_OperatingSystem' {
      return [pscustomobject]@{ OperatingSystemSKU = 48; ProductType = 1; Version = '10.0.22631' }
    }
    'Win32_Processor' { return [pscustomobject]@{ VirtualizationFirmwareEnabled = $false } }
    'Msvm_ShutdownComponent' {
      $running = @($script:world.machines | Where-Object {
        $_.State -eq 'Running' -and $given.Filter -ceq "SystemName='$($_.Id.ToUpperInvariant())'"
      })
      return @($running | ForEach-Object { [pscustomobject]@{ SystemName = $_.Id } })
    }
    default { throw "the simulator has no class $($given.ClassName)" }
  }
}

# The guest has shut down when this returns.
function Simulate-Invoke-CimMethod($given) {
  $isKnown = $given.MethodName -ceq 'InitiateShutdown' -and $given.Arguments.Contains('Force') -and $given.Arguments.Contains('Reason')
  if (-not $isKnown) { throw "the simulator has no such method $($given.MethodName)" }
  foreach ($vm in @($script:world.machines | Where-Object { $_.Id -eq $given.InputObject.SystemName })) {
    Switch-Off $vm 'Off'
  }
  Save-World
  [pscustomobject]@{ ReturnValue = 0 }
}
