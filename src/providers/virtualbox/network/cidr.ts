// IPv4 networks in the notation of RFC 4632.
import { isIPv4 } from "node:net";

export interface Network {
  /** The address that was written, with its host part. */
  readonly address: string;
  readonly prefixLength: number;
}

/** Undefined when the text is not an IPv4 address with the length of a prefix, as "192.168.56.1/24". */
export function parseCidr(text: string): Network | undefined {
  const [, address = "", length = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const prefixLength = Number(length);
  return isIPv4(address) && length !== "" && prefixLength <= 32
    ? { address, prefixLength }
    : undefined;
}

export function formatCidr({ address, prefixLength }: Network): string {
  return `${address}/${prefixLength}`;
}

export function toNumber(address: string): number {
  return address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** First and last address of the network, as numbers. */
export function boundsOf({ address, prefixLength }: Network): readonly [number, number] {
  const size = 2 ** (32 - prefixLength);
  const first = Math.floor(toNumber(address) / size) * size;
  return [first, first + size - 1];
}

export function contains(outer: Network, inner: Network): boolean {
  const [first, last] = boundsOf(outer);
  const [innerFirst, innerLast] = boundsOf(inner);
  return first <= innerFirst && innerLast <= last;
}

export function overlap(one: Network, other: Network): boolean {
  const [first, last] = boundsOf(one);
  const [otherFirst, otherLast] = boundsOf(other);
  return first <= otherLast && otherFirst <= last;
}

/** "255.255.255.0" for 24. */
export function maskOf(prefixLength: number): string {
  return toAddress(2 ** 32 - 2 ** (32 - prefixLength));
}

/** Undefined for what is no mask of a network, such as "255.0.255.0". */
export function prefixLengthOf(mask: string): number | undefined {
  if (!isIPv4(mask)) return undefined;
  const length = 32 - Math.log2(2 ** 32 - toNumber(mask));
  return Number.isInteger(length) ? length : undefined;
}
