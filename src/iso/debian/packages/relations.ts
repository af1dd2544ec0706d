// Relations between packages: deb-control(5), Debian Policy section 7.1.
import * as z from "zod";
import { compareVersions } from "./version.ts";

/** A package's name, and perhaps which of its versions: "libc6 (>= 2.41)". */
export interface Relation {
  readonly name: string;
  readonly constraint?: { readonly operator: Operator; readonly version: string };
}

/** Met when any one of its relations is: "default-mta | mail-transport-agent". */
export type Alternatives = readonly Relation[];

/** Drops an architecture qualifier (":any"), because only one architecture is installed. */
export const relationSchema = z.string().transform((text, context): Relation => {
  const [, name, operator, version] = relationPattern.exec(text.trim()) ?? [];
  if (name === undefined) {
    context.addIssue(`"${text.trim()}" is not a package's name with or without a version`);
    return z.NEVER;
  }
  if (version === undefined || !isOperator(operator)) return { name };
  return { name, constraint: { operator, version } };
});

/** The value of a field such as Depends. */
export const alternativesListSchema = z
  .string()
  .transform((field) => field.split(",").filter((part) => part.trim() !== ""))
  .transform((parts) => parts.map((part) => part.split("|")))
  .pipe(z.array(z.array(relationSchema)));

export function formatRelation({ name, constraint }: Relation): string {
  return constraint === undefined ? name : `${name} (${constraint.operator} ${constraint.version})`;
}

/** Whether the relation can be met by that version; a name without version meets no constraint. */
export function admits({ constraint }: Relation, version: string | undefined): boolean {
  if (constraint === undefined) return true;
  if (version === undefined) return false;
  return holds[constraint.operator](compareVersions(version, constraint.version));
}

const relationPattern =
  /^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?(?:\s*\(\s*(<<|<=|=|>=|>>)\s*([A-Za-z0-9.+~:-]+)\s*\))?$/;

const holds = {
  "<<": (order: number) => order < 0,
  "<=": (order: number) => order <= 0,
  "=": (order: number) => order === 0,
  ">=": (order: number) => order >= 0,
  ">>": (order: number) => order > 0,
} as const;

type Operator = keyof typeof holds;

function isOperator(text: string | undefined): text is Operator {
  return text !== undefined && Object.hasOwn(holds, text);
}
