/** Texts of functions that stand in for cmdlets, by the cmdlets' names. */
export const stubFunctions: readonly (readonly [cmdlet: string, text: string])[] = [
  [
    "Get-VMSwitch",
    `function Get-VMSwitch {
  [CmdletBinding(DefaultParameterSetName = 'Name')]
  param(
    [Parameter(ParameterSetName = 'Name')]
    [Parameter(ParameterSetName = 'Id')]
    [object[]] $CimSession,
    [Parameter(ParameterSetName = 'Name')]
    [Parameter(ParameterSetName = 'Id')]
    [System.String[]] $ComputerName,
    [Parameter(ParameterSetName = 'Name')]
    [Parameter(ParameterSetName = 'Id')]
    [object[]] $Credential,
    [Parameter(ParameterSetName = 'Id', Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
    [Alias('SwitchId')]
    [System.Guid[]] $Id,
    [Parameter(ParameterSetName = 'Name', Position = 0)]
    [Alias('SwitchName')]
    [System.String] $Name,
    [Parameter(ParameterSetName = 'Name', Position = 1)]
    [Parameter(ParameterSetName = 'Id', Position = 1)]
    [System.String[]] $ResourcePoolName,
    [Parameter(ParameterSetName = 'Name')]
    [Parameter(ParameterSetName = 'Id')]
    [ValidateSet('Private', 'Internal', 'External')]
    [string[]] $SwitchType
  )
  process { Simulate-Get-VMSwitch $PSBoundParameters }
}
`,
  ],
  [
    "Rename-VM",
    `function Rename-VM {
  [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess = $true)]
  param(
    [Parameter(ParameterSetName = 'Name')]
    [object[]] $CimSession,
    [Parameter(ParameterSetName = 'Name')]
    [System.String[]] $ComputerName,
    [Parameter(ParameterSetName = 'Name')]
    [object[]] $Credential,
    [Parameter(ParameterSetName = 'Name', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
    [Alias('VMName')]
    [System.String[]] $Name,
    [Parameter(ParameterSetName = 'Name', Mandatory = $true, Position = 1)]
    [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 1)]
    [System.String] $NewName,
    [Parameter(ParameterSetName = 'Name')]
    [Parameter(ParameterSetName = 'VMObject')]
    [switch] $Passthru,
    [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
    [object[]] $VM
  )
  process { Simulate-Rename-VM $PSBoundParameters }
}
`,
  ],
];
