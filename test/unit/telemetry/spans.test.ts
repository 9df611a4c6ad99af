import { expect, test } from 'vitest';
import type { EventBody } from '../../../src/shared/events.ts';
import { spansOf } from '../../../src/telemetry/spans.ts';
import { ended, journalOf, started } from './journal-fixture.ts';

const shape = (spans: ReturnType<typeof spansOf>) => spans.map(({ id, depth, status }) => `${'  '.repeat(depth)}${id} ${status}`);

test('steps come in reading order: each before its children, siblings by start', () => {
  const events = journalOf(
    started('root', undefined, 'run'), started('a', 'root'), started('b', 'root'), started('a1', 'a'), started('b1', 'b'), started('a2', 'a'),
    ended('a1'), ended('b1'), ended('a2'), ended('b'), ended('a'), ended('root'),
  );
  expect(shape(spansOf(events, 'done'))).toEqual(['root ok', '  a ok', '    a1 ok', '    a2 ok', '  b ok', '    b1 ok']);
});

test('a step that names no parent belongs to the step of the run', () => {
  const events = journalOf(started('root', undefined, 'run'), started('chain', undefined, 'chain'), ended('chain'), ended('root'));
  const [, chain] = spansOf(events, 'done');
  expect(chain).toMatchObject({ id: 'chain', parent: 'root', depth: 1 });
});

test('a step whose parent is not in the record belongs to the step of the run', () => {
  const spans = spansOf(journalOf(started('root', undefined, 'run'), started('a', 'lost')), 'running');
  expect(spans.map((span) => span.parent)).toEqual([undefined, 'root']);
});

test('a step without an end is running while the run is live, and unknown once the run has ended', () => {
  const events = journalOf(started('root', undefined, 'run'), started('a', 'root'));
  expect(spansOf(events, 'running').map((span) => span.status)).toEqual(['running', 'running']);
  expect(spansOf(events, 'waiting').map((span) => span.status)).toEqual(['running', 'running']);
  expect(spansOf(events, 'interrupted').map((span) => span.status)).toEqual(['unknown', 'unknown']);
  expect(spansOf(events, 'interrupted').every((span) => span.endedAt === undefined)).toBe(true);
});

test('the end of a step is its start plus its own monotonic duration, whatever the wall clock did', () => {
  const events = journalOf([5000, started('a')], [900, { type: 'step.ended', step: 'a', status: 'ok', ms: 12.25 }]);
  expect(spansOf(events, 'done')[0]).toMatchObject({ startedAt: 5000, endedAt: 5012.25 });
});

test('input, output and error of a step are kept', () => {
  const events = journalOf(
    { type: 'step.started', step: 'a', kind: 'mcp', name: 'mcp.s.t', input: { json: 1 } },
    { type: 'step.ended', step: 'a', status: 'denied', ms: 1, error: { code: 'denied', message: 'no' } },
  );
  expect(spansOf(events, 'failed')[0]).toMatchObject({ input: { json: 1 }, status: 'denied', error: { code: 'denied' } });
});

test('an end without a start is left out, as in a page of the journal', () => {
  expect(spansOf(journalOf(ended('lost'), started('a')), 'running').map((span) => span.id)).toEqual(['a']);
});

test('10,000 nested steps neither overflow the call stack nor take quadratic time', () => {
  const nested = Array.from({ length: 10_000 }, (_, i) => started(`s${i}`, i === 0 ? undefined : `s${i - 1}`));
  const spans = spansOf(journalOf(...nested), 'running');
  expect(spans).toHaveLength(10_000);
  expect(spans.at(-1)?.depth).toBe(9999);
});

const receivedStep = (span: string, parent?: string): EventBody => ({
  type: 'span.received', span, kind: 'chain', name: span, startedAt: 1000 + span.charCodeAt(0), ms: 5, status: 'ok', attributes: { json: {} }, ...(parent === undefined ? {} : { parent }),
});

test('spans of other programs whose parents form a circle stand at the top with what is below them, the first of each circle marked', () => {
  const events = journalOf(
    receivedStep('a'), receivedStep('b', 'a'),
    receivedStep('e', 'd'), receivedStep('c', 'e'), receivedStep('d', 'c'), receivedStep('f', 'd'),
    receivedStep('g', 'g'), receivedStep('h', 'g'),
  );
  const spans = spansOf(events, 'done');
  expect(shape(spans)).toEqual(['a ok', '  b ok', 'c ok', '  d ok', '    e ok', '    f ok', 'g ok', '  h ok']);
  expect(spans.filter(({ circular }) => circular).map(({ id, parent }) => [id, parent])).toEqual([['c', undefined], ['g', undefined]]);
});
