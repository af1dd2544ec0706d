import * as z from "zod";

/** As in the provider's SharedFolder. */
export const sharedFolderSchema = z.object({
  path: z.string().min(1),
  mountPoint: z.string().min(1),
  isReadOnly: z.boolean(),
});

/** What gives the guest its folders: a process of virtiofsd for each, or QEMU itself by 9p. */
const backEndSchema = z.enum(["virtiofs", "9p"]);

/** The folders of a QEMU that runs, or of a guest's memory that was saved; its record may have others by now. */
export const offeredFoldersSchema = z.object({
  backEnd: backEndSchema,
  folders: z.array(sharedFolderSchema).readonly(),
});
export type OfferedFolders = z.infer<typeof offeredFoldersSchema>;

/** By which the guest asks for the folder at this place of the list. */
export function tagOf(index: number): string {
  return `share${index}`;
}
