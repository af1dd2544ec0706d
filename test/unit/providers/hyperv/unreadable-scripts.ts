/** What Windows PowerShell 5.1 does not parse: what is wrong, the script, and "line:column message". */
export const unreadableScripts: readonly (readonly [wrong: string, text: string, fault: string])[] =
  [
    ["a string in single quotes", "Write-Output 'abc\nGet-VM", "1:14 the string does not end"],
    ["a string in double quotes", 'Write-Output "abc\n', "1:14 the string does not end"],
    ["a here-string", "Get-VM\n$x = @'\nabc '@\n", "2:6 the string does not end"],
    ["a here-string that is expanded", '$x = @"\nabc "@\n', "1:6 the string does not end"],
    ["a comment", "Get-VM <# abc", "1:8 the comment does not end"],
    ["an open brace", "if ($a) {\n  Get-VM\n", '1:9 "{" is not closed'],
    ["an open parenthesis in a string", '"a $(Get-VM"', "1:12 the string does not end"],
    ["a brace closed by another bracket", "if ($a) { (Get-VM }", '1:11 "(" is not closed'],
    ["a brace too many", "Get-VM }", '1:8 "}" closes nothing'],
    ["a chain for success", "Get-VM && Get-VM", '1:8 "&&" is not in Windows PowerShell 5.1'],
    ["a chain for failure", "Get-VM || Get-VM", '1:8 "||" is not in Windows PowerShell 5.1'],
    ["a default for null", "$x = $y ?? 'a'", '1:9 "??" is not in Windows PowerShell 5.1'],
    ["an assignment to null", "\n$x ??= 'a'", '2:4 "??=" is not in Windows PowerShell 5.1'],
    ["a choice", "$x = $y ? 1 : 2", '1:9 "? :" is not in Windows PowerShell 5.1'],
    ["a member of what may be null", `\${x}?.Name`, '1:5 "?." is not in Windows PowerShell 5.1'],
    ["an element of what may be null", "$x?[0]", '1:3 "?[" is not in Windows PowerShell 5.1'],
    [
      "a typographic quote",
      "$x = 'it\u2019s'",
      '1:9 PowerShell reads "\u2019" as a quote or a dash: write that of ASCII',
    ],
    ["a try by itself", "try { Get-VM }", "1:1 try needs a catch or a finally"],
    ["a missing operand", "$x = 1 +", '1:1 syntax error at "$x = 1 +"'],
    [
      "a list of words",
      "Get-VM -Name a,b",
      "1:15 a space is missing; a list of words needs quotes",
    ],
  ];
