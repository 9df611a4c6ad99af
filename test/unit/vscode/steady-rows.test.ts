import { describe, expect, it } from 'vitest';
import { SteadyRows } from '../../../src/vscode/trees/steady-rows.ts';

interface Row {
  readonly name: string;
  readonly state: string;
}

function listOf(...names: readonly string[]) {
  const held = { rows: names.map((name): Row => ({ name, state: 'stopped' })), reads: 0, problem: undefined as Error | undefined, gate: Promise.resolve() };
  const drawn: (readonly Row[] | undefined)[] = [];
  const rows = new SteadyRows<Row>({
    read: async () => {
      held.reads += 1;
      const read = held.rows.map((row) => ({ ...row }));
      await held.gate;
      if (held.problem) throw held.problem;
      return read;
    },
    keyOf: ({ name }) => name,
    draw: (some) => drawn.push(some && [...some]),
  });
  return { held, drawn, rows };
}

describe('a list that changes under the mouse', () => {
  it('is not drawn as a whole while its rows are the same: each stays the object that the editor knows, with what is new about it', async () => {
    const { held, drawn, rows } = listOf('a', 'b');
    const before = await rows.list();
    held.rows = [{ name: 'a', state: 'running' }, { name: 'b', state: 'stopped' }];
    await rows.changed();
    expect(drawn).toHaveLength(1);
    expect(drawn[0]?.map((row, index) => row === before[index])).toEqual([true, true]);
    expect(before[0]).toEqual({ name: 'a', state: 'running' });
  });

  it('is at hand before the editor asks for it where a row came or went, and keeps the other rows', async () => {
    const { held, drawn, rows } = listOf('a', 'b');
    const [a] = await rows.list();
    held.rows = [{ name: 'new', state: 'stopped' }, { name: 'a', state: 'running' }];
    await rows.changed();
    expect(drawn).toEqual([undefined]);
    const { reads } = held;
    const after = await rows.list();
    expect(held.reads).toBe(reads);
    expect(after.map(({ name, state }) => `${name} ${state}`)).toEqual(['new stopped', 'a running']);
    expect(after[1]).toBe(a);
    // What was at hand is given once: later the list is read again.
    await rows.list();
    expect(held.reads).toBe(reads + 1);
  });

  it('shows what was read last, however long a reading before it took', async () => {
    const { held, rows } = listOf('a');
    const gate = Promise.withResolvers<void>();
    held.gate = gate.promise;
    const slow = rows.list();
    await Promise.resolve();
    held.rows = [{ name: 'a', state: 'running' }];
    held.gate = Promise.resolve();
    const change = rows.changed();
    gate.resolve();
    await change;
    expect((await slow)[0]?.state).toBe('running');
  });

  it('is not read before somebody has looked at it', async () => {
    const { held, drawn, rows } = listOf('a');
    await rows.changed();
    expect(held.reads).toBe(0);
    expect(drawn).toEqual([undefined]);
  });

  it('lets the editor ask, and be told why, where it cannot be read; and goes on afterwards', async () => {
    const { held, drawn, rows } = listOf('a');
    await rows.list();
    held.problem = new Error('unreadable');
    await rows.changed();
    expect(drawn).toEqual([undefined]);
    await expect(rows.list()).rejects.toThrow('unreadable');
    held.problem = undefined;
    expect(await rows.list()).toEqual([{ name: 'a', state: 'stopped' }]);
  });

  it('is drawn as a whole after an error that the editor was told, with the same rows as before', async () => {
    const { held, drawn, rows } = listOf('a');
    await rows.list();
    held.problem = new Error('unreadable');
    await expect(rows.list()).rejects.toThrow('unreadable');
    held.problem = undefined;
    await rows.changed();
    expect(drawn).toEqual([undefined]);
  });
});
