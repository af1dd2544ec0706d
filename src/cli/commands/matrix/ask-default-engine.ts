import { defaultEngineSeries } from "../../../core/offers/default-engine.ts";
import { architectureSchema } from "../../../host/architecture.ts";
import type { Cli } from "../../cli.ts";
import type { SourceFlags } from "../../flags/image-flags.ts";

/** The series of the engine that `create` takes: cells are called by it. @throws TsmachineError of defaultEngineSeries */
export function askDefaultEngine(
  cli: Cli,
  flags: Partial<SourceFlags> & { readonly arch?: string },
): Promise<string> {
  // Of a list, or of what is no processor: that is refused once the whole matrix is looked at.
  const { data } = architectureSchema.safeParse(flags.arch);
  return cli.withContext(
    (context) => defaultEngineSeries(context, data ?? context.architecture),
    flags,
  );
}
