import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssassinError } from '../shared/errors.ts';
import type { CommandProcess } from './command-process.ts';

/** An address in what a development server prints. */
const printed = /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|\[::1?\]|0\.0\.0\.0):\d{2,5}[^\s\u001b"'`<>)]*/;
/** Some print only where they listen: "listening on port 3000", "ready on :8080". */
const printedPort = /\b(?:port|listening|running|started|ready|serving)\b[^\n]{0,40}?(?<![\d.])(\d{4,5})\b/i;
const pollMs = 100;
/** A server says where it is at its start; what it logs later is not searched. */
const searchedBytes = 256 * 1024;
const toldMs = 1000;

export interface DevServerWait {
  /** Where it is, for servers that do not print it. */
  readonly given?: string | undefined;
  readonly startMs: number;
  readonly signal: AbortSignal;
  /** Told of what the server says while it is waited for. */
  readonly progress: (message: string) => void;
}

/** Waits until a server has said where it is, and answers there. Throws `tool-failed` with the end of what it printed. */
export async function addressOf(server: CommandProcess, { given, startMs, signal, progress }: DevServerWait): Promise<string> {
  let ended = false;
  void server.ended.then(() => (ended = true), () => (ended = true));
  let told = '';
  let toldAt = performance.now();
  for (const until = performance.now() + startMs; ; await sleep(pollMs, undefined, { signal })) {
    const { tail, whole } = server.output.text();
    const address = given ?? addressIn(whole === undefined ? tail : new TextDecoder().decode(whole.subarray(0, searchedBytes)));
    if (!ended && address !== undefined && (await answers(address))) return address;
    const line = tail.trimEnd().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
    if (line !== '' && line !== told && performance.now() - toldAt >= toldMs) {
      progress(line);
      told = line;
      toldAt = performance.now();
    }
    if (!ended && performance.now() < until) continue;
    throw new AssassinError('tool-failed', ended ? 'The development server ended before it could be looked at.' : address === undefined ? `The development server named no address within ${startMs} ms.` : `Nothing answered at ${address} within ${startMs} ms.`, {
      hint: `It printed: ${tail.trim().slice(-1500) || 'nothing'}. ${given === undefined && !ended ? 'Where it prints no address, give its url.' : ''}`.trim(),
    });
  }
}

/** The address of this computer that a server printed, or that of the port which it named. */
export function addressIn(output: string): string | undefined {
  const plain = output.replaceAll(/\u001b\[[\d;]*m/g, '');
  const address = printed.exec(plain)?.[0].replace(/0\.0\.0\.0|\[::\]/, 'localhost').replace(/[.,;:!?]+$/, '');
  if (address !== undefined) return address;
  const port = Number(printedPort.exec(plain)?.[1]);
  return port >= 1024 && port <= 65_535 ? `http://localhost:${port}` : undefined;
}

/** Only whether somebody listens: the page itself is fetched by the browser alone. */
export async function answers(address: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  socket.setTimeout(1000, () => resolve(false));
  socket.once('connect', () => resolve(true));
  socket.once('error', () => resolve(false));
  const open = await promise;
  socket.destroy();
  return open;
}
