import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isAlive, type ProcessIdentity } from '../run/process-identity.ts';
import { replaceFile } from '../store/replace-file.ts';

/** A call that an MCP server works on by itself, and whose result nobody has had yet. */
export interface OpenTask {
  /** Of this record; what the server calls it is `task`. */
  readonly id: string;
  readonly workspace: string;
  readonly run: string;
  readonly server: string;
  /** How the server was started or reached: the result is asked of no other. */
  readonly identity: string;
  readonly tool: string;
  readonly task: string;
  /** Milliseconds of the epoch. */
  readonly at: number;
}

/** What is told of a call while it lasts. */
export interface TaskRecord {
  /** The task to ask after, where it was begun earlier; else the call begins one. */
  readonly known?: string;
  /** The server has taken it on, under this id. It is on disk when this returns. */
  readonly began: (task: string) => void;
  /** Nothing is to be had of it any more. */
  readonly ended: () => void;
}

const schema = z.strictObject({
  workspace: z.string(), run: z.string(), server: z.string(), identity: z.string(), tool: z.string(), task: z.string(), at: z.number(), host: z.strictObject({ pid: z.number(), start: z.string() }).optional(),
});
const maxKept = 1000;
/** Servers keep results for hours, and nobody asks for one after a month. */
const keptMs = 30 * 86_400_000;

/** Tasks of MCP servers, one small file each: whoever kills the program does not take the way to their results along. */
export class OpenTasks {
  readonly #folder: string;
  readonly #workspace: string;
  readonly #host: ProcessIdentity | undefined;
  /** Calls of this program that go on. */
  readonly #held = new Set<string>();

  constructor(folder: string, workspace: string, host?: ProcessIdentity) {
    this.#folder = folder;
    this.#workspace = workspace;
    this.#host = host;
  }

  /** For one call that goes on. */
  hold(of: Pick<OpenTask, 'run' | 'server' | 'identity' | 'tool'>): TaskRecord & Disposable {
    const id = randomUUID();
    this.#held.add(id);
    return {
      began: (task) => this.#write(id, { ...of, task }), ended: () => this.#remove(id),
      [Symbol.dispose]: () => void this.#held.delete(id),
    };
  }

  /** For the call that asks after an open one. Undefined where somebody asks already. */
  take({ id, task }: OpenTask): (TaskRecord & Disposable) | undefined {
    if (this.#held.has(id)) return undefined;
    this.#held.add(id);
    return { known: task, began: () => undefined, ended: () => this.#remove(id), [Symbol.dispose]: () => void this.#held.delete(id) };
  }

  /** Those of this workspace that no call waits for any more, the newest first. What cannot be read is left out. */
  async list(): Promise<readonly OpenTask[]> {
    const found = await Promise.all(this.#names().map((id) => this.#read(id)));
    return found.filter((task) => task !== undefined).toSorted((a, b) => b.at - a.at);
  }

  async #read(id: string): Promise<OpenTask | undefined> {
    try {
      const { host, ...task } = schema.parse(JSON.parse(readFileSync(this.#file(id), 'utf8')));
      if (task.workspace !== this.#workspace || this.#held.has(id)) return undefined;
      if (Date.now() - task.at > keptMs) return void this.#remove(id);
      // A program that still runs waits for it by itself; of this one it is known what it waits for.
      const elsewhere = host !== undefined && host.pid !== this.#host?.pid;
      return elsewhere && (await isAlive(host)) ? undefined : { id, ...task };
    } catch {
      return undefined;
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder).filter((name) => /^[\w-]{36}\.json$/.test(name)).map((name) => name.slice(0, -5)).slice(0, maxKept);
    } catch {
      return [];
    }
  }

  /** At once and whole: a kill right after the server's answer must find it there. */
  #write(id: string, task: Omit<OpenTask, 'id' | 'workspace' | 'at'>): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    replaceFile(this.#file(id), JSON.stringify({ workspace: this.#workspace, ...task, at: Date.now(), ...(this.#host === undefined ? {} : { host: this.#host }) }), { flush: true });
  }

  #remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
