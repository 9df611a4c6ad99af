/** Names that JavaScript itself looks up on objects: `await mcp` would call a server named `then`. */
const reserved: ReadonlySet<string> = new Set(['then', 'catch', 'finally', 'constructor', 'prototype', '__proto__', 'toString', 'toJSON', 'valueOf', 'hasOwnProperty']);

const valid = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Whether no server can have this name although it is made of the right letters. */
export function isReserved(name: string): boolean {
  return reserved.has(name);
}

/** A name may hold no dot and no colon: `mcp.NAME.tool` and the grant `mcp NAME:tool` are split there. */
export function isServerName(name: string): boolean {
  return valid.test(name) && !reserved.has(name);
}

/**
 * The name under which a server is used, made from what its file calls it: galleries write `io.github.upstash/context7`, people "My Server".
 * `undefined` where nothing usable is left.
 */
export function serverNameOf(written: string): string | undefined {
  if (isServerName(written)) return written;
  const last = written.slice(written.lastIndexOf('/') + 1);
  const name = last.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[-0-9]+|-+$/g, '').slice(0, 64);
  return isServerName(name) ? name : undefined;
}
