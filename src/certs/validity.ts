/** A certificate's first and last moment. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Ten years: replacing the authority means touching every machine and every copied bundle. */
export const authorityDays = 3650;

/**
 * Three years, as docker-machine gave. Docker clients check against ca.pem and not against
 * the system's trust store, so the shorter limits that systems set there do not apply.
 */
export const partyDays = 1095;

/** Certificates with less than this left are renewed when their machine starts. */
export const renewalDays = 30;

/** From one day ago, because the other side's clock may be behind, until `days` from now. */
export function validityFrom(now: Date, days: number): Validity {
  return { notBefore: daysAfter(now, -1), notAfter: daysAfter(now, days) };
}

export function daysAfter(time: Date, days: number): Date {
  return new Date(time.getTime() + days * dayMs);
}
