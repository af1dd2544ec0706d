/** By SID, because the group's name is another in every language. */
export const joinGroup =
  "run `Add-LocalGroupMember -SID S-1-5-32-578 -Member $env:USERNAME` in PowerShell as administrator, then log out and in again";
