/** The files of one end of a copy, this host's or a machine's; paths are in that end's notation. */
export interface Files {
  /** What the path is, symbolic links followed; undefined when there is nothing. */
  status(path: string): Promise<FileStatus | undefined>;
  /** The paths that a user means by this one; none when it is a pattern that nothing fits. */
  meant(path: string): Promise<readonly string[]>;
  /** Names of what is in the folder, in order. */
  names(folder: string): Promise<readonly string[]>;
  /** A folder that is there already is left as it is. The end's umask applies to the mode. */
  makeFolder(path: string, mode: number): Promise<void>;
  openToRead(path: string): Promise<ReadableFile>;
  /** Empties the file, or makes it with that mode, to which the end's umask applies. */
  openToWrite(path: string, mode: number): Promise<WritableFile>;
  join(folder: string, name: string): string;
  /** The last name of the path; "." or ".." when it ends so. */
  baseName(path: string): string;
  /** The path in messages to the user. */
  describe(path: string): string;
}

export interface FileStatus {
  readonly type: "file" | "folder" | "other";
  /** Permission bits. */
  readonly mode: number;
  /** In bytes; 0 for files that the system makes up, such as those of /proc. */
  readonly size: number;
}

export interface ReadableFile {
  /** At most that many bytes from the position on; none at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface WritableFile {
  write(position: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
