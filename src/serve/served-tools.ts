import { isBroken } from '../chains/chain-file.ts';
import type { ServedTool, UseRuntime } from './served-tool.ts';
import { catalogueTools } from './tools/catalogue-tools.ts';
import { chainTools } from './tools/chain-tools.ts';
import { codeTool } from './tools/code-tool.ts';
import { pageTools } from './tools/page-tools.ts';
import { publishedServersTool } from './tools/published-servers-tool.ts';

/** Links and network folders have no events that one could rely on; what has not changed is not read again. */
const lookEveryMs = 1000;

/** What is served now, and word of when it is something else: files of chains come, go and change. */
export class ServedTools implements Disposable {
  readonly #use: UseRuntime;
  readonly #without: ReadonlySet<string>;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #known: string | undefined;
  #looking = false;

  /** @param without names of tools that whoever connects has from elsewhere */
  constructor(use: UseRuntime, without: readonly string[] = []) {
    this.#use = use;
    this.#without = new Set(without);
  }

  list(): Promise<readonly ServedTool[]> {
    return this.#use(async (runtime) => [codeTool, ...pageTools(runtime), ...catalogueTools, publishedServersTool, ...chainTools(await runtime.chains.list())].filter(({ name }) => !this.#without.has(name)));
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs).unref();
    void this.#look();
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this[Symbol.dispose]();
      },
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#listeners.clear();
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const chains = await this.#use((runtime) => runtime.chains.list());
      const now = JSON.stringify(chains.map((chain) => (isBroken(chain) ? chain.path : [chain.path, chain.hash])));
      const changed = this.#known !== undefined && this.#known !== now;
      this.#known = now;
      if (changed) for (const listener of this.#listeners) listener();
    } catch {
      // The folder cannot be read now, or the runtime is closing: the next call says so.
    } finally {
      this.#looking = false;
    }
  }
}
