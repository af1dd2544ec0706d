import { createSocket } from "node:dgram";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/**
 * A name server (RFC 1035) on port 53 of that address of this host until the running test ends: it knows IPv4
 * addresses alone, and says of all other names that they do not exist.
 */
export async function startNameServer(
  address: string,
  addresses: Readonly<Record<string, string>>,
): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address: client }) => {
    socket.send(answerTo(query, addresses), port, client);
  });
  socket.bind(53, address);
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
}

const headerBytes = 12;
const typeA = 1;
const noSuchName = 3;

function answerTo(query: Buffer, addresses: Readonly<Record<string, string>>): Buffer {
  const { name, end } = questionOf(query);
  const known = addresses[name];
  const isAsked = query.readUInt16BE(end) === typeA;
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  // Response, recursion desired and available.
  header.writeUInt16BE(0x8180 | (known === undefined ? noSuchName : 0), 2);
  header.writeUInt16BE(1, 4);
  const question = query.subarray(headerBytes, end + 4);
  if (known === undefined || !isAsked) return Buffer.concat([header, question]);
  header.writeUInt16BE(1, 6);
  // The name by a pointer to the question, type, class, seconds to live, length.
  const record = Buffer.from("c00c0001000100000000" + "0004", "hex");
  const value = Buffer.from(known.split(".").map(Number));
  return Buffer.concat([header, question, record, value]);
}

function questionOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}
