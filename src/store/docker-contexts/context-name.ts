/** Names that docker's CLI takes: docker/cli, cli/context/store, restrictedNamePattern. */
const validName = /^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/;

/** The name of docker's own context, which cannot be given to another. */
const reservedName = "default";

/** The context a machine is registered as: its own name, or tsmachine-NAME where docker refuses that. */
export function contextNameFor(machineName: string): string {
  const isFree = validName.test(machineName) && machineName !== reservedName;
  return isFree ? machineName : `tsmachine-${machineName}`;
}
