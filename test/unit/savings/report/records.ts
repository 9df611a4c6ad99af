import fc from 'fast-check';
import { marks } from '../../../../src/shared/events.ts';
import type { RecordedSession, RunRecord } from '../../../../src/shared/usage-report.ts';

export function record(more: Partial<RunRecord> = {}): RunRecord {
  return {
    run: 'run1', machine: 'desk', workspace: 'shop', kind: 'chain', title: 'Price watch', source: '.assassin/chains/prices.ts', state: 'succeeded',
    createdAt: Date.parse('2026-11-20T12:00:00Z'), durationMs: 1000, asks: 0, egressBytes: 0, models: [], tools: [], browsers: [], sandboxes: [], ...more,
  };
}

const ms = fc.double({ min: 0, max: 5_000_000, noNaN: true });
const text = fc.string({ maxLength: 12 });
const session: fc.Arbitrary<RecordedSession> = fc.record(
  { wallMs: ms, cpuMs: ms, memoryBytes: fc.integer({ min: 0, max: 8 * 1024 ** 3 }), measured: fc.boolean() },
  { requiredKeys: ['wallMs', 'measured'] },
);
const tokens = fc.integer({ min: 0, max: 1_000_000 });

export const arbitraryRecord: fc.Arbitrary<RunRecord> = fc.record({
  run: fc.uuid(), machine: fc.constantFrom('desk', 'laptop'), workspace: text, kind: fc.constantFrom('chain', 'task', 'function'), title: text, source: text,
  state: fc.constantFrom('succeeded', 'failed', 'cancelled'), createdAt: fc.integer({ min: Date.parse('2026-09-01'), max: Date.parse('2026-11-30') }),
  durationMs: ms, asks: fc.nat(5), egressBytes: fc.nat(1e9),
  models: fc.uniqueArray(fc.record({
    model: fc.constantFrom('a/one', 'b/two', 'c/three'), requests: fc.nat(50), inputTokens: tokens, cachedTokens: tokens, outputTokens: tokens, unpriced: fc.constantFrom(0, 0, 0, 1),
    costs: fc.uniqueArray(fc.record({ mark: fc.constantFrom(...marks), nanoUsd: fc.nat(2e9) }), { selector: ({ mark }) => mark, maxLength: 2 }),
  }), { selector: ({ model }) => model, maxLength: 3 }),
  tools: fc.array(fc.record({ tool: fc.constantFrom('page.click', 'workspace.read'), errors: fc.nat(3), ms: fc.array(ms, { maxLength: 4 }) }), { maxLength: 2 }),
  browsers: fc.array(session, { maxLength: 3 }), sandboxes: fc.array(session, { maxLength: 3 }),
});

/** A reader of its own, by the rules of RFC 4180, so that the writer is not checked against itself. */
export function parseCsv(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < csv.length; i++) {
    const character = csv[i]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (csv[i + 1] === '"') cell += csv[++i]!;
      else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\r' && csv[i + 1] === '\n') {
      rows.push([...row, cell]);
      row = [];
      cell = '';
      i += 1;
    } else cell += character;
  }
  return rows;
}
