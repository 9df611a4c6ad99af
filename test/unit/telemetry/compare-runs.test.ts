import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/shared/dto.ts';
import type { EventBody, StepKind } from '../../../src/shared/events.ts';
import type { Json } from '../../../src/shared/json.ts';
import { compareRuns, type RunToCompare } from '../../../src/telemetry/compare-runs.ts';
import { created, ended, journalOf, started } from './journal-fixture.ts';

const summary: RunSummary = { id: 'run_1', kind: 'chain', title: 'x', source: '', workspace: '/w', state: 'done', createdAt: 1, durationMs: 10, steps: 1, events: 1, costUsd: 0, costMark: 'measured' };
const toCompare = (bodies: readonly EventBody[], more: Partial<RunToCompare> = {}): RunToCompare => ({ summary, events: journalOf(created, ...bodies), below: [], ...more });
const step = (name: string, parent?: string, { kind = 'tool', input, output }: { readonly kind?: StepKind; readonly input?: Json; readonly output?: Json } = {}): readonly EventBody[] => [
  { type: 'step.started', step: `${name}-${parent ?? ''}-${JSON.stringify(input)}`, kind, name, ...(parent === undefined ? {} : { parent }), ...(input === undefined ? {} : { input: { json: input } }) },
  { type: 'step.ended', step: `${name}-${parent ?? ''}-${JSON.stringify(input)}`, status: 'ok', ms: 5, ...(output === undefined ? {} : { output: { json: output } }) },
];
const rows = (a: readonly EventBody[], b: readonly EventBody[]) => compareRuns(toCompare(a), toCompare(b)).steps
  .map(({ depth, a: one, b: other, differences }) => `${'  '.repeat(depth)}${one?.name ?? '-'} | ${other?.name ?? '-'}${differences.length === 0 ? '' : ` (${differences.join(', ')})`}`);

describe('the steps of two runs', () => {
  it('that did the same are side by side without a difference', () => {
    const bodies = [started('root', undefined, 'run'), ...step('open', 'root', { input: { url: 'https://a.example' } }), ended('root')];
    expect(rows(bodies, bodies)).toEqual(['name of root | name of root', '  open | open']);
  });

  it('are recognised by what they are about, also where one is missing in between or their order is another one', () => {
    const pages = (...urls: readonly string[]) => urls.flatMap((url) => step('open', undefined, { input: { url } }));
    expect(rows(pages('1', '2', '3'), pages('1', '3'))).toEqual(['open | open', 'open | - (missing)', 'open | open']);
    expect(rows(pages('1', '2'), pages('2', '1'))).toEqual(['open | open', 'open | open']);
  });

  it('that only the second has stand behind what they came after there', () => {
    expect(rows([...step('a'), ...step('c')], [...step('z', undefined, { kind: 'http' }), ...step('a'), ...step('b', undefined, { kind: 'http' }), ...step('c')]))
      .toEqual(['- | z (missing)', 'a | a', '- | b (missing)', 'c | c']);
  });

  it('of another model belong together, with what they said', () => {
    expect(rows(step('gpt', undefined, { kind: 'model', output: 'yes' }), step('claude', undefined, { kind: 'model', output: 'no' }))).toEqual(['gpt | claude (name, output)']);
  });

  it('tell a different input, output and status', () => {
    const failed: EventBody = { type: 'step.ended', step: 's', status: 'error', ms: 1, error: { code: 'tool-failed', message: 'no' } };
    expect(rows([started('s'), ended('s')], [started('s'), failed])).toEqual(['name of s | name of s (status)']);
    expect(rows(step('x', undefined, { input: { n: 1 } }), step('x', undefined, { input: { n: 2 } }))).toEqual(['x | x (input)']);
  });

  it('are laid out however deep and many they are', () => {
    const deep = Array.from({ length: 5000 }, (_, i) => started(`s${i}`, i === 0 ? undefined : `s${i - 1}`));
    const wide = Array.from({ length: 20_000 }, (_, i) => step(`w${i % 7}`, undefined, { input: i })).flat();
    expect(rows(deep, deep)).toHaveLength(5000);
    expect(rows(wide, wide.slice(40))).toHaveLength(20_000);
  });
});

describe('the figures of two runs', () => {
  const meter = (name: 'model.input_tokens' | 'model.cost_usd', value: number, mark: 'measured' | 'computed' | 'unknown' = 'measured'): EventBody => ({ type: 'meter', meter: name, value, mark, source: 'x', step: 's' });

  it('sum up what runs below used, and are as sure as their least sure part', () => {
    const one = toCompare([started('s', undefined, 'model'), meter('model.input_tokens', 10), meter('model.cost_usd', 1, 'computed'), ended('s')], { below: [journalOf(created, meter('model.input_tokens', 5), meter('model.cost_usd', 0, 'unknown'))] });
    const { a, b, steps } = compareRuns(one, toCompare([started('s', undefined, 'model'), meter('model.input_tokens', 7), ended('s')]));
    expect(a).toMatchObject({ tokens: 15, costUsd: 1, costMark: 'unknown' });
    expect(b).toMatchObject({ tokens: 7, costMark: 'unknown' });
    expect(steps[0]).toMatchObject({ a: { tokens: 10, costUsd: 1, ms: 5 }, b: { tokens: 7 } });
    expect(steps[0]?.b?.costUsd).toBeUndefined();
    expect(compareRuns(toCompare([]), toCompare([])).a).toMatchObject({ tokens: 0, costUsd: 0, costMark: 'measured' });
  });

  it('tell whether both gave the same', () => {
    const result = (json: Json): EventBody => ({ type: 'run.result', value: { json } });
    const same = (a: readonly EventBody[], b: readonly EventBody[]) => compareRuns(toCompare(a), toCompare(b)).sameResult;
    expect(same([result({ x: 1 })], [result({ x: 1 })])).toBe(true);
    expect(same([result({ x: 1 })], [result({ x: 2 })])).toBe(false);
    expect(same([result(null)], [])).toBe(false);
    expect(same([], [])).toBe(true);
    const blob = (hash: string): EventBody => ({ type: 'run.result', value: { blob: hash, bytes: 1, mediaType: 'application/json', preview: '' } });
    expect(same([blob('a')], [blob('a')])).toBe(true);
    expect(same([blob('a')], [blob('b')])).toBe(false);
  });
});
