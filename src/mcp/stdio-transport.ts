import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { processStart, type ProcessIdentity } from '../run/process-identity.ts';
import { endProcessGroup, type ProcessDeath } from '../run/process-tree.ts';
import { LineReader } from './line-reader.ts';
import type { ProcessGuard } from './process-guard.ts';
import { usageOf, type ProcessUsage } from './process-usage.ts';
import type { ResolvedTransport } from './resolved-server.ts';
import { clip, Tail } from './tail.ts';

/** One message may be this long: more would stop the host for longer than a person notices while it is parsed. */
const maxLineBytes = 8 * 1024 * 1024;
/** A banner or a stray print on the output is tolerated; a server that keeps printing does not speak the protocol. */
const maxRubbishLines = 50;
/** Time for a server to end by itself once its input is closed, before its group is asked to. */
const closeGraceMs = 250;
/** After the exit, what is still in the pipe is read for this long: the last answer may be in it, or a grandchild may hold it open for ever. */
const drainMs = 250;
/** Longest wait for the exit of a server whose input has broken. */
const exitNewsMs = 1000;
const maxLoggedBytes = 256 * 1024;

/** Why the process can no longer be talked to. */
export type StdioEnd =
  | { readonly kind: 'not-started'; readonly error: Error }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly kind: 'rubbish'; readonly lines: number }
  | { readonly kind: 'long-line'; readonly bytes: number };

export interface StdioTransportOptions {
  readonly server: Extract<ResolvedTransport, { readonly type: 'stdio' }>;
  readonly guard: ProcessGuard;
  /** Called as soon as the process exists, so that a killed host's server can be found again. */
  readonly onProcess: (identity: ProcessIdentity) => void;
  /** A line of the error stream, or of the output where it is no message. */
  readonly onLine: (stream: 'stderr' | 'stdout', line: string) => void;
  /** Reads one line; throws where it is not a message, and gives none where somebody else has taken it. */
  readonly decode: (line: string) => JSONRPCMessage | undefined;
  /** The answer to a message where it is here already: then it is not sent. */
  readonly answered: (message: JSONRPCMessage) => JSONRPCMessage | undefined;
}

interface Sender {
  readonly failed: (error: Error) => void;
  readonly sent: (() => void) | undefined;
}

/** Talks to a server that is a child process: one JSON message a line on its input and output. It leads a process group of its own, which goes with it. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  /** The last lines of the error stream. */
  readonly stderr = new Tail();
  /** The first lines of the output that were no messages. */
  readonly rubbish: string[] = [];
  readonly #options: StdioTransportOptions;
  #child: ChildProcess | undefined;
  #identity: ProcessIdentity | undefined;
  #end: StdioEnd | undefined;
  #rubbishLines = 0;
  #loggedBytes = 0;
  /** We end it: what it does from now on is no failure of its own. */
  #ending = false;
  #closed = false;
  readonly #gone = Promise.withResolvers<void>();
  #death: Promise<ProcessDeath> | undefined;
  /** What is to be sent with this turn of the event loop, and who hears what became of it. */
  #outgoing = '';
  #senders: Sender[] = [];

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  /** Present from the start on: with `stderr` it is what tells the client that silence after its first question means an old server, not an outage. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Set once the server cannot be talked to any more, by its own fault. */
  get end(): StdioEnd | undefined {
    return this.#end;
  }

  async start(): Promise<void> {
    const { server, guard, onProcess } = this.#options;
    const options = { cwd: server.cwd, env: { ...server.env }, stdio: 'pipe' as const, windowsHide: true };
    // Windows starts `npx` only through its .cmd file, with quoting of its own; everywhere else no shell comes near the arguments.
    const crossSpawn = process.platform === 'win32' ? (await import('cross-spawn')).default : undefined;
    this.#checkWanted();
    const child = crossSpawn?.(server.command, [...server.args], options) ?? spawn(server.command, server.args, { ...options, detached: true });
    this.#child = child;
    if (child.pid !== undefined) guard.add(child.pid);
    const started = Promise.withResolvers<void>();
    child.once('spawn', () => started.resolve());
    child.on('error', (error) => {
      this.#fail({ kind: 'not-started', error });
      started.reject(error);
    });
    this.#listen(child);
    await started.promise;
    if (child.pid === undefined) return;
    // A process that has ended already leaves no start time, but what it started may still live in its group.
    this.#identity = { pid: child.pid, start: (await processStart(child.pid)) ?? '' };
    this.#checkWanted();
    onProcess(this.#identity);
  }

  /** Destroyed in the middle of its start: nothing may come into being behind the report that says it is gone. */
  #checkWanted(): void {
    if (this.#ending) throw new Error('The server is not wanted any more.');
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const answer = this.#options.answered(message);
    if (answer !== undefined) {
      queueMicrotask(() => this.onmessage?.(answer));
      return;
    }
    await new Promise<void>((resolve, reject) => this.post(message, reject, resolve));
  }

  /** As `send`, for whoever knows that it has no answer yet, and need not wait. */
  post(message: JSONRPCMessage, failed: (error: Error) => void, sent?: () => void): void {
    const input = this.#child?.stdin;
    if (input?.writable !== true) {
      void this.#failWithExit(new Error('The input of the server is closed.'), failed);
      return;
    }
    // What many calls send in one turn is one write: each on its own wakes the server, and costs more than the rest of a call.
    this.#outgoing += `${JSON.stringify(message)}\n`;
    if (this.#senders.push({ failed, sent }) === 1) process.nextTick(() => this.#write());
  }

  #write(): void {
    const [text, senders] = [this.#outgoing, this.#senders];
    if (senders.length === 0) return;
    this.#outgoing = '';
    this.#senders = [];
    this.#child?.stdin?.write(text, (error) => {
      for (const { failed, sent } of senders) {
        if (error) void this.#failWithExit(error, failed);
        else sent?.();
      }
    });
  }

  /** A pipe often breaks a moment before the exit is known, and the exit says what happened. */
  async #failWithExit(cause: Error, failed: (error: Error) => void): Promise<void> {
    await Promise.race([this.#gone.promise, sleep(exitNewsMs, undefined, { ref: false })]);
    failed(cause);
  }

  async close(): Promise<void> {
    await this.destroy();
  }

  /** CPU time and memory of the whole group so far; `undefined` where the platform or an early death does not let us look. */
  usage(): ProcessUsage | undefined {
    return this.pid === undefined ? undefined : usageOf(this.pid);
  }

  /** Closes the input, then ends the whole group. Resolves when somebody has looked that none is left. */
  destroy(): Promise<ProcessDeath> {
    return (this.#death ??= this.#destroy());
  }

  async #destroy(): Promise<ProcessDeath> {
    this.#ending = true;
    const child = this.#child;
    if (child?.pid === undefined) {
      this.#close();
      return { gone: true, how: 'no process was started' };
    }
    const { pid } = child;
    const identity = this.#identity ?? { pid, start: (await processStart(pid)) ?? '' };
    this.#write();
    child.stdin?.end();
    const alone = await exitedWithin(child, closeGraceMs);
    const death = await endProcessGroup(identity);
    if (death.gone) this.#options.guard.delete(pid);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    this.#close();
    return alone ? { gone: death.gone, how: `ended by itself when its input was closed; ${death.how}` } : death;
  }

  #listen(child: ChildProcess): void {
    // The failure of a write is the exit that follows it.
    child.stdin?.on('error', () => undefined);
    this.#lines(child, 'stdout', (line) => this.#output(line), () => this.#fail({ kind: 'long-line', bytes: maxLineBytes }));
    this.#lines(child, 'stderr', (line) => this.#errorLine(line), () => undefined);
    child.once('exit', (code, signal) => {
      const gone = () => this.#fail({ kind: 'exit', code, signal });
      const timer = setTimeout(gone, drainMs);
      child.once('close', () => {
        clearTimeout(timer);
        gone();
      });
    });
  }

  #lines(child: ChildProcess, name: 'stdout' | 'stderr', onLine: (line: string) => void, onTooLong: () => void): void {
    let reader = new LineReader(maxLineBytes);
    child[name]?.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk, onLine);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        reader = new LineReader(maxLineBytes);
        onTooLong();
      }
    });
    child[name]?.on('end', () => {
      const rest = reader.rest();
      if (rest !== '') onLine(rest);
    });
  }

  #output(line: string): void {
    if (this.#end !== undefined || line.trim() === '') return;
    let message: JSONRPCMessage | undefined;
    try {
      message = this.#options.decode(line);
    } catch {
      this.#rubbishLines += 1;
      if (this.rubbish.length < 3) this.rubbish.push(clip(line, 200));
      this.#log('stdout', line);
      if (this.#rubbishLines >= maxRubbishLines) this.#fail({ kind: 'rubbish', lines: this.#rubbishLines });
      return;
    }
    if (message !== undefined) this.onmessage?.(message);
  }

  #errorLine(line: string): void {
    this.stderr.add(line);
    this.#log('stderr', line);
  }

  /** A server that never stops printing must not fill the log either. */
  #log(stream: 'stderr' | 'stdout', line: string): void {
    if (this.#loggedBytes > maxLoggedBytes || line.trim() === '') return;
    const text = clip(line, 2000);
    this.#loggedBytes += text.length;
    this.#options.onLine(stream, this.#loggedBytes > maxLoggedBytes ? 'It prints a lot: nothing more of it is shown here.' : text);
  }

  #fail(end: StdioEnd): void {
    if (this.#end !== undefined || this.#ending) return;
    this.#end = end;
    this.#child?.stdout?.destroy();
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gone.resolve();
    this.onclose?.();
  }
}

function exitedWithin(child: ChildProcess, ms: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
