/** By SIDs: the group's name is another in every language, and whoever elevates may be another user. */
export function joinGroup(user: string): string {
  return `run \`Add-LocalGroupMember -SID S-1-5-32-578 -Member ${user}\` in PowerShell as administrator, then log out and in again; or use an elevated shell`;
}

export const makeSwitch =
  "run `New-VMSwitch -Name tsmachine -AllowManagementOS $true -NetAdapterName (Get-NetAdapter -Physical | Where-Object -Property Status -EQ -Value Up | Select-Object -First 1).Name` in PowerShell as administrator";
