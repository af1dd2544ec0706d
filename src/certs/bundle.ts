/** A certificate with its private key; both PEM, the key as PKCS#8 when made here. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

/** Who signs for everybody in one store. */
export type Authority = CertifiedKey;

/** What one party of a mutual TLS connection needs. */
export interface Bundle extends CertifiedKey {
  /** PEM certificate of the authority that the other party's certificate must come from. */
  readonly ca: string;
}
