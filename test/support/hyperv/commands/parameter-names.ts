import type { Cmdlet, Parameter } from "../cmdlets/cmdlet.ts";
import { commonParameters } from "../cmdlets/common-parameters.ts";

/** The parameter that goes by the name or an alias, or why there is none. */
export function parameterNamed(
  name: string,
  cmdlet: Cmdlet,
): Parameter | { readonly fault: string } {
  const known = knownParameters(cmdlet);
  const wanted = name.toLowerCase();
  const found = known.find((parameter) => namesOf(parameter).includes(wanted));
  if (found !== undefined) return found;
  const begun = known.filter((parameter) => parameter.name.toLowerCase().startsWith(wanted));
  const [only, ...others] = begun.map((parameter) => `-${parameter.name}`);
  if (only === undefined) return { fault: `${cmdlet.name} has no parameter -${name}` };
  if (others.length === 0) return { fault: `-${name} is short for ${only}: write it out` };
  return { fault: `-${name} of ${cmdlet.name} may be ${[only, ...others].join(" or ")}` };
}

function knownParameters({ parameters, hasCommonParameters }: Cmdlet): readonly Parameter[] {
  return [...parameters.values(), ...(hasCommonParameters ? commonParameters.values() : [])];
}

function namesOf({ name, aliases }: Parameter): readonly string[] {
  return [name, ...aliases].map((one) => one.toLowerCase());
}

/** Whether it is a parameter of every set, since no set names it. */
export function isCommon(parameter: Parameter): boolean {
  return commonParameters.get(parameter.name.toLowerCase()) === parameter;
}
