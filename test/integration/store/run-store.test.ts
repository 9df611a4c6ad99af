import { spawn } from 'node:child_process';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { RunStore } from '../../../src/store/run-store.ts';

const execute = promisify(execFile);
const host = { pid: 1, start: 'a' };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

let clock = 1000;
function record(store: RunStore, run: string, ...bodies: EventBody[]): void {
  const created: EventBody = { type: 'run.created', kind: 'chain', title: run, source: 's.ts', workspace: '/w', input: { json: null }, grants: [], budget: {}, host, version: '0' };
  store.append([created, ...bodies].map((body, i) => ({ ...body, run, seq: i + 1, at: clock++ })), host);
}
const done: EventBody[] = [{ type: 'run.state', from: 'queued', to: 'running' }, { type: 'run.state', from: 'running', to: 'done' }];

describe('the store', () => {
  it('gives back what was appended, in pages', () => {
    using store = new RunStore(directory);
    record(store, 'run_1', ...Array.from({ length: 25 }, (_, i): EventBody => ({ type: 'run.log', level: 'info', message: `line ${i}` })));
    expect(store.events('run_1', 0, 10).map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(store.events('run_1', 24, 10)).toMatchObject([{ seq: 25 }, { seq: 26, message: 'line 24', type: 'run.log' }]);
  });

  it('pages through runs, newest first, without losing or repeating one', () => {
    using store = new RunStore(directory);
    for (const n of [1, 2, 3, 4, 5]) record(store, `run_${n}`, ...done);
    const first = store.runs({ limit: 2 });
    const second = store.runs({ limit: 2, after: first.next! });
    const third = store.runs({ limit: 2, after: second.next! });
    expect([first, second, third].flatMap((page) => page.items.map((run) => run.id))).toEqual(['run_5', 'run_4', 'run_3', 'run_2', 'run_1']);
    expect(third.next).toBeUndefined();
  });

  it('appends all events of a call or none', () => {
    using store = new RunStore(directory);
    record(store, 'run_1');
    const event = (seq: number) => ({ type: 'run.log', level: 'info', message: 'x', run: 'run_1', seq, at: 1 }) as const;
    expect(() => store.append([event(2), event(1)], host)).toThrow();
    expect(store.events('run_1')).toHaveLength(1);
    store.append([event(2)], host);
    expect(store.run('run_1').events).toBe(2);
  });

  it('removes a run with its events and the blobs that no other run refers to', async () => {
    using store = new RunStore(directory);
    for (const run of ['run_1', 'run_2']) record(store, run, ...done);
    const shared = store.putBlob('run_1', Buffer.from('both'), 'text/plain');
    store.putBlob('run_2', Buffer.from('both'), 'text/plain');
    const own = store.putBlob('run_1', Buffer.from('mine'), 'text/plain');
    store.deleteRun('run_1');
    expect(() => store.run('run_1')).toThrow('There is no run');
    expect(store.events('run_1')).toEqual([]);
    expect(Buffer.from(await store.blobs.read(shared)).toString()).toBe('both');
    await expect(store.blobs.read(own)).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('refuses to delete a run that goes on', () => {
    using store = new RunStore(directory);
    record(store, 'run_1', done[0]!);
    expect(() => store.deleteRun('run_1')).toThrow('still running');
  });

  it('prunes by number and by age, but never a run that goes on', () => {
    using store = new RunStore(directory);
    record(store, 'run_0', done[0]!);
    for (const n of [1, 2, 3, 4]) record(store, `run_${n}`, ...done);
    expect(store.prune({ maxRuns: 2, maxAgeMs: 1e9 }, clock)).toBe(2);
    expect(store.runs().items.map((run) => run.id)).toEqual(['run_4', 'run_3', 'run_0']);
    expect(store.prune({ maxRuns: 10, maxAgeMs: 0 }, clock)).toBe(2);
    expect(store.runs().items.map((run) => run.id)).toEqual(['run_0']);
  });

  it('reads part of a blob, and refuses a name that is none', async () => {
    using store = new RunStore(directory);
    const hash = store.putBlob('run_1', Buffer.from('0123456789'), 'text/plain');
    expect(Buffer.from(await store.blobs.read(hash, 3, 4)).toString()).toBe('3456');
    expect(Buffer.from(await store.blobs.read(hash, 8, 100)).toString()).toBe('89');
    await expect(store.blobs.read('../../etc/passwd')).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('keeps a damaged database under another name and begins a new one', () => {
    writeFileSync(join(directory, 'assassin.db'), 'this is not a database, but it is long enough to be read as one'.repeat(100));
    using store = new RunStore(directory);
    expect(store.movedAside).toContain('assassin.db.damaged-');
    expect(existsSync(store.movedAside!)).toBe(true);
    record(store, 'run_1', ...done);
    expect(store.runs().items).toHaveLength(1);
  });

  it('does not touch a database of a newer version', () => {
    new RunStore(directory)[Symbol.dispose]();
    const db = new DatabaseSync(join(directory, 'assassin.db'));
    db.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    db.close();
    expect(() => new RunStore(directory)).toThrow(expect.objectContaining({ code: 'store-too-new' }));
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('says so where the folder cannot be written', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => new RunStore(join(directory, 'file', 'store'))).toThrow(expect.objectContaining({ code: 'store-unwritable' }));
  });
});

const writer = join(import.meta.dirname, '../../fixtures/store/writer.ts');

describe('several programs on one store', () => {
  it('lose and mix nothing, even if they create it together', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => execute(process.execPath, [writer, directory, name, '150'])));
    using store = new RunStore(directory);
    for (const name of ['a', 'b', 'c']) {
      const events = store.events(`run_${name}`);
      expect(events).toHaveLength(150);
      expect(events.slice(1).every((event, i) => event.type === 'run.log' && event.message === `${name} ${i + 2}`)).toBe(true);
    }
  });

  it('keep every acknowledged event of one that is killed in the middle', async () => {
    const child = spawn(process.execPath, [writer, directory, 'a', '100000'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().trim().split('\n');
      acknowledged = Math.max(acknowledged, Number(lines.at(-1)) || 0);
      if (acknowledged > 200) child.kill('SIGKILL');
    });
    await once(child, 'close');
    using store = new RunStore(directory);
    const { events } = store.run('run_a');
    expect(events).toBeGreaterThanOrEqual(acknowledged);
    expect(store.events('run_a', 0, 1_000_000)).toHaveLength(events);
  });
});

describe('a full disk', () => {
  const mounted = join(tmpdir(), `store-full-${process.pid}`);

  it('is reported as such, and what closes a run still has room', async (test) => {
    mkdirSync(mounted);
    try {
      await execute('mount', ['-t', 'tmpfs', '-o', 'size=900k', 'tmpfs', mounted]);
    } catch {
      rmSync(mounted, { recursive: true });
      test.skip('a small disk cannot be mounted here: that needs root on Linux');
    }
    try {
      using store = new RunStore(mounted);
      record(store, 'run_1', done[0]!);
      let seq = 3;
      const fill = () => {
        for (;;) store.append([{ type: 'run.log', level: 'info', message: 'x'.repeat(2000), run: 'run_1', seq: seq++, at: 1 }], host);
      };
      expect(fill).toThrow(expect.objectContaining({ code: 'store-unwritable', hint: expect.stringContaining('Free some space') as string }));
      store.append([{ type: 'run.state', from: 'running', to: 'failed', error: { code: 'store-unwritable', message: 'full' }, run: 'run_1', seq: store.run('run_1').events + 1, at: 2 }], host);
      expect(store.run('run_1')).toMatchObject({ state: 'failed' });
    } finally {
      await execute('umount', [mounted]);
      rmSync(mounted, { recursive: true });
    }
  });
});

describe('a store that another program holds locked', () => {
  it('says so, and keeps what it has in reserve for a disk that is really full', () => {
    using store = new RunStore(directory);
    record(store, 'run_1', done[0]!);
    const reserve = join(directory, 'reserve');
    expect(existsSync(reserve)).toBe(true);
    const other = new DatabaseSync(join(directory, 'assassin.db'));
    other.exec('BEGIN IMMEDIATE');
    const close = (): void => store.append([{ type: 'run.state', from: 'running', to: 'failed', error: { code: 'cancelled', message: 'x' }, run: 'run_1', seq: 3, at: 2 }], host);
    expect(close).toThrow(expect.objectContaining({ code: 'store-unwritable', data: { reason: 'locked' } }));
    expect(existsSync(reserve)).toBe(true);
    other.exec('ROLLBACK');
    other.close();
    close();
    expect(store.run('run_1').state).toBe('failed');
  }, 20_000);
});
