import type { Json } from "../../provider.ts";
import { envelopeEnd, envelopeStart } from "./envelope.ts";

/** The name of the script and the request are the only parts that differ; both are of base64's alphabet. */
const requestLine = (encoded: string) =>
  `$request = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${encoded}')))`;

const opening = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'`;

/**
 * Characters outside ASCII are escaped, because the code page of the console would change them, and those that
 * the markers begin and end with: a machine may be named like one. 5.1 does the latter itself, 7 does not. The
 * error's id and category are not localised, its message is.
 */
const closing = String.raw`try {
  $reply = @{ ok = $true; value = (Invoke-Operation) }
} catch {
  $fault = $_
  $reply = @{
    ok = $false
    message = "$($fault.Exception.Message)"
    id = "$($fault.FullyQualifiedErrorId)"
    category = "$($fault.CategoryInfo.Category)"
  }
}
$json = ConvertTo-Json -InputObject $reply -Depth 6 -Compress
$ascii = [regex]::Replace($json, '[^\x20-\x7e]|[<>]', { param($match) '\u{0:x4}' -f [int][char]$match.Value })
[Console]::Out.WriteLine('${envelopeStart}' + $ascii + '${envelopeEnd}')`;

/**
 * The text that PowerShell runs: a constant but for the request, which enters as base64 of JSON. Nothing
 * that anybody has given is ever spliced into it: U+2019 also ends a quoted string.
 */
export function programText(
  { name, body }: { readonly name: string; readonly body: string },
  request: Json,
): string {
  const encoded = Buffer.from(JSON.stringify(request), "utf8").toString("base64");
  return [
    `# ${name}`,
    opening,
    requestLine(encoded),
    `function Invoke-Operation {\n${body.trim()}\n}`,
    closing,
    "",
  ].join("\n");
}
