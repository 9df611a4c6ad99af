import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';

/** `legacy` are the revisions up to 2025-11-25, which begin with a handshake; `modern` those from 2026-07-28 on. */
export type ProtocolEra = 'legacy' | 'modern';

export interface EraVerdict {
  readonly era: ProtocolEra;
  /** Nothing but the HTTP transport of 2024 was answered. */
  readonly transport?: 'sse' | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A server that has learned the new protocol goes on answering in the old one, so that a verdict without a date would hold for ever. */
const keptMs = 7 * 86_400_000;
const maxVerdicts = 1000;

const schema = z.record(z.string(), z.object({ era: z.enum(['legacy', 'modern']), transport: z.literal('sse').optional(), at: z.number() }));

/** Which protocol each server spoke the last time, by its identity, so that an old one is not asked in a way that it does not know at each start. */
export class EraBook {
  readonly #path: string | undefined;
  readonly #now: () => number;
  #verdicts: Promise<Map<string, EraVerdict>> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param path of the file that keeps them; they end with the program where it is absent. */
  constructor(path?: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
  }

  async get(server: string): Promise<EraVerdict | undefined> {
    const verdict = (await this.#load()).get(server);
    return verdict === undefined || this.#now() - verdict.at > keptMs || verdict.at > this.#now() ? undefined : verdict;
  }

  /** What has not changed keeps its date: it was not asked again. */
  async remember(server: string, { era, transport }: Omit<EraVerdict, 'at'>): Promise<void> {
    const known = await this.get(server);
    if (known?.era === era && known.transport === transport) return;
    const verdicts = await this.#load();
    verdicts.delete(server);
    verdicts.set(server, { era, at: this.#now(), ...(transport === undefined ? {} : { transport }) });
    await this.#write(verdicts);
  }

  async forget(server: string): Promise<void> {
    const verdicts = await this.#load();
    if (verdicts.delete(server)) await this.#write(verdicts);
  }

  #load(): Promise<Map<string, EraVerdict>> {
    return (this.#verdicts ??= this.#read());
  }

  async #read(): Promise<Map<string, EraVerdict>> {
    if (this.#path === undefined) return new Map();
    try {
      return new Map(Object.entries(schema.parse(JSON.parse(await readFile(this.#path, 'utf8')))));
    } catch {
      // Lost verdicts cost one question to each server.
      return new Map();
    }
  }

  #write(verdicts: ReadonlyMap<string, EraVerdict>): Promise<void> {
    const path = this.#path;
    if (path === undefined) return Promise.resolve();
    const kept = [...verdicts].slice(-maxVerdicts);
    this.#writing = this.#writing.then(async () => {
      const draft = `${path}.${process.pid}.tmp`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(draft, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 });
      await rename(draft, path);
    }).catch(() => undefined);
    return this.#writing;
  }
}
