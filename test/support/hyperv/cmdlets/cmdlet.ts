/** What may be given to a command: a cmdlet, or a function of the script. */
export interface Cmdlet {
  readonly name: string;
  readonly module: string | undefined;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly sets: readonly ParameterSet[];
  readonly defaultSet: string;
  /** False for functions that declare no attributes: these put what they do not know into `$args`. */
  readonly hasCommonParameters: boolean;
}

export interface Parameter {
  readonly name: string;
  /** As .NET names it, without its namespace where the publication leaves it out: "Int32", "String[]". */
  readonly type: string;
  /** All there are for an enumeration or a validated set; undefined where they are not known. */
  readonly values: readonly string[] | undefined;
  readonly aliases: readonly string[];
  /** How the pipeline may supply it. */
  readonly input: readonly PipelineInput[];
}

export type PipelineInput = "ByValue" | "ByPropertyName";

export interface ParameterSet {
  readonly name: string;
  /** By the parameter's name in lower case. */
  readonly members: ReadonlyMap<string, Member>;
}

/** A parameter's part in a set. */
export interface Member {
  readonly isMandatory: boolean;
  readonly position: number | undefined;
}

/** By name in lower case, without the module. */
export type Cmdlets = ReadonlyMap<string, Cmdlet>;

export function isSwitch({ type }: Parameter): boolean {
  return type === "SwitchParameter";
}
