import * as z from "zod";
import { defineScript } from "./script.ts";

/** Of the Default Switch: the same on every Windows, whose languages have other names for it. */
export const defaultSwitchId = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

export const switchSchema = z.object({
  id: z.guid(),
  name: z.string(),
  /** Name of the enumeration VMSwitchType: "External", "Internal", "Private". */
  type: z.string(),
});
export type VirtualSwitch = z.infer<typeof switchSchema>;

export const listSwitches = defineScript({
  name: "list-switches",
  request: z.object({}),
  value: z.object({ switches: z.array(switchSchema) }),
  sample: {},
  timeoutMs: 60_000,
  body: String.raw`
$switches = @(Hyper-V\Get-VMSwitch | ForEach-Object {
  @{ id = "$($_.Id)"; name = "$($_.Name)"; type = "$($_.SwitchType)" }
})
return @{ switches = $switches }`,
});
