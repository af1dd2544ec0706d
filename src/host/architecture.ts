import * as z from "zod";

/** Processors that hosts and machines can have, by the names that Debian gives them. */
export const architectureSchema = z.enum(["amd64", "arm64"]);
export type Architecture = z.infer<typeof architectureSchema>;
