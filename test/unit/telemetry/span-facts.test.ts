import { describe, expect, it } from 'vitest';
import type { RunSummary, Span } from '../../../src/shared/dto.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { eventLine } from '../../../src/telemetry/event-line.ts';
import { placeOf } from '../../../src/telemetry/place-of.ts';
import { spanFacts } from '../../../src/telemetry/span-facts.ts';
import { spansOf } from '../../../src/telemetry/spans.ts';
import { created, ended, journalOf, started } from './journal-fixture.ts';

const run: RunSummary = { id: 'run_1', kind: 'chain', title: 'x', source: '.assassin/chains/watch.ts', workspace: '/w', state: 'done', createdAt: 1, steps: 1, events: 1, costUsd: 0, costMark: 'measured' };
const noBlob = () => Promise.reject(new Error('There is none.'));
const facts = async (bodies: readonly EventBody[], of: Partial<RunSummary> = {}) => {
  const events = journalOf(created, ...bodies);
  return spanFacts({ ...run, ...of }, spansOf(events, 'done')[0]!, events, noBlob);
};
const span = (more: Partial<Span>): Span => ({ id: 's', kind: 'tool', name: 'x', startedAt: 1, status: 'ok', depth: 0, ...more });

describe('what is known of a step', () => {
  it('bears the names of the conventions, with what its model used', async () => {
    const meter = (name: 'model.input_tokens' | 'model.output_tokens' | 'model.cost_usd', value: number, mark: 'measured' | 'unknown' = 'measured'): EventBody => ({ type: 'meter', meter: name, value, mark, source: 'x', step: 's' });
    const known = await facts([started('s', undefined, 'model'), meter('model.input_tokens', 10), meter('model.output_tokens', 2), meter('model.cost_usd', 0.5), ended('s')], { session: 'ses_1' });
    expect(Object.fromEntries(known.attributes)).toMatchObject({ 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'name of s', 'gen_ai.usage.input_tokens': '10', 'gen_ai.usage.cost': '0.5', 'gen_ai.conversation.id': 'ses_1' });
    expect(known).toMatchObject({ inputName: 'gen_ai.input.messages', outputName: 'gen_ai.output.messages', tokens: { input: 10, output: 2 }, cost: { usd: 0.5, mark: 'measured' } });
    expect((await facts([started('s', undefined, 'model'), meter('model.input_tokens', 10), ended('s')])).cost).toEqual({ usd: 0, mark: 'unknown' });
    expect((await facts([started('s'), ended('s')])).cost).toBeUndefined();
  });

  it('of another program are the attributes that it has sent', async () => {
    const known = await facts([{
      type: 'span.received', span: 'abc', kind: 'model', name: 'chat', startedAt: 1, ms: 2, status: 'ok', input: { name: 'llm.input', value: { json: 'hi' } },
      attributes: { json: { 'llm.model_name': 'x', 'code.file.path': 'src/a.py', 'code.line.number': 7 } }, scope: { name: 'openinference', version: '1' },
    }]);
    expect(known.attributes).toEqual([['llm.model_name', 'x'], ['code.file.path', 'src/a.py'], ['code.line.number', '7'], ['otel.scope.name', 'openinference'], ['otel.scope.version', '1']]);
    expect(known).toMatchObject({ inputName: 'llm.input', place: { file: 'src/a.py', line: 7, column: 1 } });
  });
});

describe('the file that a step is about', () => {
  it.each<readonly [string, Partial<Span>, ReturnType<typeof placeOf>]>([
    ['where it failed', { error: { code: 'tool-failed', message: 'no', location: { file: 'a.ts', line: 3, column: 2 } }, input: { json: { path: 'b.ts' } } }, { file: 'a.ts', line: 3, column: 2 }],
    ['what it reads, from its line', { kind: 'workspace', input: { json: { path: 'b.ts', from: 12 } } }, { file: 'b.ts', line: 12, column: 1 }],
    ['what it edits', { kind: 'edit', input: { json: { path: 'b.ts', edits: [] } } }, { file: 'b.ts', line: 1, column: 1 }],
    ['what the editor was asked of', { input: { json: { path: 'b.ts', line: 4, column: 9 } } }, { file: 'b.ts', line: 4, column: 9 }],
    ['the program of the run', { kind: 'run' }, { file: '.assassin/chains/watch.ts', line: 1, column: 1 }],
    ['no path of a page or a server', { kind: 'mcp', input: { json: { path: '/etc/passwd' } } }, undefined],
    ['no odd line', { kind: 'workspace', input: { json: { path: 'b.ts', line: -3 } } }, { file: 'b.ts', line: 1, column: 1 }],
    ['nothing where it names none', { input: { json: ['x'] } }, undefined],
  ])('is %s', (_what, more, place) => {
    expect(placeOf(span(more), run)).toEqual(place);
  });
});

describe('an event as a line', () => {
  it('says what was called, how it ended and why', () => {
    const names = new Map([['s', 'page.open']]);
    const [start, end] = journalOf({ type: 'step.started', step: 's', kind: 'browser', name: 'page.open', input: { json: { url: 'https://a.example' } } }, { type: 'step.ended', step: 's', status: 'error', ms: 12.34, error: { code: 'page-failed', message: 'It is gone.' } });
    expect(eventLine(start!)).toEqual({ seq: 1, at: 1000, type: 'step.started', tone: 'plain', step: 's', text: 'browser page.open · {"url":"https://a.example"}' });
    expect(eventLine(end!, (step) => names.get(step))).toMatchObject({ tone: 'bad', text: 'page.open · error (12.3 ms) · It is gone.' });
  });

  it('is cut where it is long', () => {
    const [event] = journalOf({ type: 'run.log', level: 'warn', message: 'x'.repeat(10_000) });
    expect(eventLine(event!)).toMatchObject({ tone: 'warn' });
    expect(eventLine(event!).text).toHaveLength(501);
  });
});
