# Does on a real Windows with Hyper-V what a user of provider hyperv does, and writes one report.
#
#     powershell -ExecutionPolicy Bypass -File test\windows\verify.ps1
#
# Wants Node.js and docker's command line on PATH, a clone of the project with `npm ci` and `npm run build` done, and
# a user who is an administrator or in the group Hyper-V Administrators. It makes a machine in a store of its
# own, and removes both; nothing else is touched. The report holds names of this host and its user: read it
# before you attach it to an issue. Run it elevated and not, and with -Generation 1 and 2.
param(
  [string]$Name = 'tsmachine-verify',
  [int]$Generation = 2,
  [string]$Report = (Join-Path -Path $PWD.Path -ChildPath 'tsmachine-verify.txt')
)

$ErrorActionPreference = 'Stop'
$project = [IO.Path]::GetFullPath((Join-Path -Path $PSScriptRoot -ChildPath '..\..'))
$program = Join-Path -Path $project -ChildPath 'bin\tsmachine'
# A blank, an apostrophe and a letter outside ASCII, as users' names have them.
$store = Join-Path -Path $env:TEMP -ChildPath "Zo$([char]0xEB) O'Neill $([guid]::NewGuid().ToString('N'))"
$env:TSMACHINE_STORAGE_PATH = $store
$script:failed = $false
# Node.js writes UTF-8; PowerShell would read it in the console's code page.
[Console]::OutputEncoding = New-Object -TypeName Text.UTF8Encoding -ArgumentList $false
$errorFile = [IO.Path]::GetTempFileName()

function Write-Line($text) {
  Write-Host $text
  [IO.File]::AppendAllText($Report, "$text`r`n")
}

# Programs write progress and warnings to standard error: no failure, and no part of the answer.
function Invoke-Program($file, $words, $goodCodes = @(0)) {
  $ErrorActionPreference = 'Continue'
  $output = @(& $file @words 2>$errorFile | ForEach-Object { "$_" })
  $text = $output -join [Environment]::NewLine
  if ($goodCodes -notcontains $LASTEXITCODE) {
    throw "$file $words ended with $($LASTEXITCODE): $([IO.File]::ReadAllText($errorFile)) $text"
  }
  return $text
}

function Invoke-Tsmachine($words) {
  return Invoke-Program 'node' (@($program) + $words)
}

function Invoke-Docker($words) {
  $flags = @((Invoke-Tsmachine @('config', $Name)) -split '\s+(?=-)' | Where-Object { $_ -like '-*' })
  return Invoke-Program 'docker' (@($flags | ForEach-Object { $_.Replace('"', '') }) + $words)
}

function Step($title, $action) {
  if ($script:failed) { Write-Line "skipped  $title"; return }
  $watch = [Diagnostics.Stopwatch]::StartNew()
  try {
    $said = . $action
    Write-Line ('ok       {0} ({1:n1} s)' -f $title, $watch.Elapsed.TotalSeconds)
    if ("$said" -ne '') { Write-Line ("         " + ("$said" -replace '\r?\n', "`n         ")) }
  } catch {
    $script:failed = $true
    Write-Line ('FAILED   {0} ({1:n1} s)' -f $title, $watch.Elapsed.TotalSeconds)
    Write-Line "         $($_.Exception.Message)"
  }
}

function Assert-Equal($actual, $expected) {
  if ("$actual" -ne "$expected") { throw "expected '$expected', found '$actual'" }
}

function Get-Machines { return (@(Hyper-V\Get-VM | ForEach-Object { "$($_.Name) $($_.Id)" } | Sort-Object) -join ', ') }

Set-Content -LiteralPath $Report -Value "tsmachine verify, $(Get-Date -Format o)" -Encoding UTF8
$system = Get-CimInstance -ClassName Win32_OperatingSystem
Write-Line "Windows $($system.Version), edition $($system.OperatingSystemSKU), language $([Globalization.CultureInfo]::CurrentUICulture.Name), PowerShell $($PSVersionTable.PSVersion)"
Write-Line "Node.js $(node --version), $(docker --version)"
$principal = New-Object -TypeName Security.Principal.WindowsPrincipal -ArgumentList ([Security.Principal.WindowsIdentity]::GetCurrent())
Write-Line "generation $Generation, elevated: $($principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator))"
$before = Get-Machines

try {
  # Its status is 1 also for what keeps only machines of other providers from working.
  Step 'what doctor finds' { Invoke-Program 'node' @($program, 'doctor', '--json') @(0, 1) }
  Step 'create' { Invoke-Tsmachine @('create', '-d', 'hyperv', '--hyperv-generation', "$Generation", $Name) }
  Step 'ls' { Invoke-Tsmachine @('ls') }
  Step 'docker version over TLS' { Invoke-Docker @('version', '--format', '{{.Server.Version}}') }
  Step 'a container runs' {
    $null = Invoke-Tsmachine @('ssh', $Name, 'tar -c -C / usr/bin/busybox | sudo docker import - tiny')
    Assert-Equal (Invoke-Docker @('run', '--rm', 'tiny', '/usr/bin/busybox', 'echo', 'out', 'of', 'a', 'container')) 'out of a container'
  }
  Step 'the console was listened to (administrators alone may)' {
    Get-Content -LiteralPath (Join-Path -Path $store -ChildPath "machines\$Name\console.log") -Tail 3
  }
  Step 'who may read the images' {
    $drives = @(Hyper-V\Get-VM -Name $Name | Hyper-V\Get-VMDvdDrive)
    $drives | ForEach-Object { "$($_.Path): $((Get-Acl -LiteralPath $_.Path).AccessToString)" }
  }
  Step 'the address by the guest and by the table of neighbours' {
    $adapters = @(Hyper-V\Get-VM -Name $Name | Hyper-V\Get-VMNetworkAdapter)
    $adapters | ForEach-Object { "$($_.MacAddress): $($_.IPAddresses -join ' ')" }
    Get-NetNeighbor -AddressFamily IPv4 | Where-Object { "$($_.LinkLayerAddress)" -like '00-15-5D-*' } | ForEach-Object { "$($_.IPAddress) $($_.LinkLayerAddress) $($_.State)" }
  }
  Step 'stop and start: docker works, at whatever address' {
    $old = Invoke-Tsmachine @('ip', $Name)
    $null = Invoke-Tsmachine @('stop', $Name)
    Assert-Equal (Invoke-Tsmachine @('status', $Name)) 'Stopped'
    $said = Invoke-Tsmachine @('start', $Name)
    $null = Invoke-Docker @('version')
    "from $old to $(Invoke-Tsmachine @('ip', $Name)): $said"
  }
  Step 'suspend and start' {
    $null = Invoke-Tsmachine @('suspend', $Name)
    Assert-Equal (Invoke-Tsmachine @('status', $Name)) 'Saved'
    $null = Invoke-Tsmachine @('start', $Name)
    $null = Invoke-Docker @('version')
  }
  Step 'snapshots' {
    $null = Invoke-Tsmachine @('stop', $Name)
    $null = Invoke-Tsmachine @('snapshot', 'create', $Name, 'one')
    $null = Invoke-Tsmachine @('snapshot', 'restore', $Name, 'one')
    $null = Invoke-Tsmachine @('snapshot', 'rm', $Name, 'one')
    $null = Invoke-Tsmachine @('start', $Name)
  }
  Step 'a machine that is renamed and turned off from outside is known' {
    $vm = Hyper-V\Get-VM -Name $Name
    Hyper-V\Rename-VM -VM $vm -NewName "$Name renamed"
    Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false
    Assert-Equal (Invoke-Tsmachine @('status', $Name)) 'Stopped'
  }
  Step 'rm' { Invoke-Tsmachine @('rm', '-y', $Name) }
  Step 'Hyper-V has the machines that it had before' { Assert-Equal (Get-Machines) $before }
} finally {
  if ($script:failed) {
    try { Write-Line (Invoke-Tsmachine @('rm', '-f', '-y', $Name)) } catch { Write-Line "left behind: $($_.Exception.Message)" }
  }
  Remove-Item -LiteralPath $store -Recurse -Force -ErrorAction SilentlyContinue
}
Write-Line $(if ($script:failed) { 'FAILED' } else { 'all steps went well' })
Write-Host "The report is $Report"
if ($script:failed) { exit 1 }
