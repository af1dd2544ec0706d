/** The first word of an agent's command line, after the program's name; it is in no help. */
export const agentWord = "__agent";
