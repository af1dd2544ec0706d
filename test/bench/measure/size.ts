/** How large a file is, or several together. */
export interface Size {
  readonly what: string;
  readonly bytes: number;
  /** The aim, in MB (10^6 bytes). */
  readonly atMostMB?: number;
}
