import { signal } from '@preact/signals';
import type { EventLine } from '../../src/shared/protocol-trace.ts';
import type { RpcClient } from '../../src/shared/rpc.ts';
import type { KeptState } from './kept.ts';
import { RowPages } from './row-pages.ts';

/** The journal of a run, line by line: the part of it that is on the screen. */
export class EventModel {
  readonly lines: RowPages<EventLine>;
  /** Events of the run in all, whatever the filter. */
  readonly events = signal(0);
  /** The host still reads a long record. */
  readonly reading = signal(false);
  readonly filter = signal('');
  /** Line of the cursor. */
  readonly cursor = signal(0);
  readonly #kept: KeptState;

  constructor(client: RpcClient, run: string, kept: KeptState) {
    this.#kept = kept;
    this.filter.value = kept.value.eventFilter ?? '';
    this.lines = new RowPages(async (offset, limit) => {
      const { lines, total, events, reading = false } = await client.request('run.events', { run, offset, limit, filter: this.filter.value });
      this.events.value = events;
      this.reading.value = reading;
      return { rows: lines, total };
    });
  }

  async refresh(): Promise<void> {
    await this.lines.refresh();
    this.moveTo(this.cursor.value);
  }

  async search(filter: string): Promise<void> {
    this.filter.value = filter;
    this.#kept.update({ eventFilter: filter });
    this.cursor.value = 0;
    await this.lines.restart();
  }

  moveTo(index: number): void {
    this.cursor.value = Math.max(0, Math.min(index, (this.lines.total.value ?? 0) - 1));
  }
}
