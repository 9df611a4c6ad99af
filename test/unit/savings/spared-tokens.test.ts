import { describe, expect, it } from 'vitest';
import { billOf } from '../../../src/savings/bill.ts';
import { sparedTokens } from '../../../src/savings/spared-tokens.ts';
import type { EventBody, JournalEvent, StepKind } from '../../../src/shared/events.ts';
import type { StoredValue } from '../../../src/shared/json.ts';
import { definitionTokens } from '../../../src/shared/spared-definitions.ts';

const started = (step: string, parent: string | undefined, kind: StepKind, name: string): EventBody => ({ type: 'step.started', step, kind, name, ...(parent === undefined ? {} : { parent }) });
const ended = (step: string, output?: StoredValue, status: 'ok' | 'error' = 'ok'): EventBody => ({ type: 'step.ended', step, status, ms: 1, ...(output === undefined ? {} : { output }) });
const journal = (...bodies: readonly EventBody[]): readonly JournalEvent[] => bodies.map((body, index) => ({ ...body, run: 'r', seq: index + 1, at: index }) as JournalEvent);
/** A JSON text of so many characters, its quotes included. */
const text = (characters: number): StoredValue => ({ json: 'x'.repeat(characters - 2) });

describe('tokens that programs of a model kept out of its context', () => {
  it('are those of the results of tools that they called, minus what they gave back', () => {
    const events = journal(
      started('t', undefined, 'agent', 'Turn 1'), started('code', 't', 'tool', 'run_code'), started('box', 'code', 'sandbox', 'program'),
      started('a', 'box', 'mcp', 'mcp.files.read'), ended('a', text(4000)),
      started('b', 'box', 'http', 'http.request'), ended('b', { blob: 'h', bytes: 8000, mediaType: 'application/json', preview: '' }),
      ended('box', text(400)), ended('code', text(400)),
    );
    // 4,000 / 4 + 8,000 / 4 - 400 / 4
    expect(sparedTokens(events)).toEqual({ tokens: 2900, results: 2, definitions: [], unrecorded: 0, mark: 'estimated' });
    expect(billOf('r', events, 0).spared).toEqual(sparedTokens(events));
  });

  it('count a result once, whatever the tool did inside, and neither pictures nor failures', () => {
    const events = journal(
      started('code', undefined, 'tool', 'run_code'),
      started('verify', 'code', 'tool', 'verify'), started('goto', 'verify', 'browser', 'page.goto'), ended('goto', text(9000)), ended('verify', text(40)),
      started('shot', 'code', 'browser', 'page.screenshot'), ended('shot', { blob: 'h', bytes: 90_000, mediaType: 'image/png', preview: '' }),
      started('bad', 'code', 'mcp', 'mcp.x.y'), ended('bad', text(4000), 'error'),
      ended('code', text(80)),
    );
    // It gave back more than it was told: that is a loss, and is shown as one.
    expect(sparedTokens(events)).toMatchObject({ tokens: -10, results: 2 });
  });

  it('are those of the definitions of all connected tools too, with each request of the conversation, as far as the run recorded them', () => {
    const turns = [
      started('t1', undefined, 'agent', 'Turn 1'), started('m1', 't1', 'model', 'm'), started('t2', undefined, 'agent', 'Turn 2'), started('m2', 't2', 'model', 'm'),
      // What sums the conversation up is told of no tool, whatever the baseline.
      started('c', 't2', 'agent', 'Compaction'), started('m3', 'c', 'model', 'm'),
    ];
    const events = journal(...turns, { type: 'tools.known', tools: 120, tokens: 48_000, toldTools: 9, toldTokens: 1395, how: 'four characters a token' });
    const spared = sparedTokens(events)!;
    expect(spared).toEqual({ tokens: 0, results: 0, definitions: [{ tools: 120, tokens: 48_000, toldTools: 9, toldTokens: 1395, requests: 2 }], unrecorded: 0, mark: 'estimated' });
    // (48,000 - 1,395) x 2
    expect(definitionTokens(spared.definitions)).toBe(93_210);
    // A run of before, or one that was killed: nothing is made up for it.
    expect(sparedTokens(journal(...turns))).toMatchObject({ definitions: [], unrecorded: 1 });
  });

  it('are those of each run of a tree by itself', () => {
    const run = (id: string, tokens: number, recorded: boolean) => journal(
      started('t', undefined, 'agent', 'Turn 1'), started('m', 't', 'model', 'm'), ...(recorded ? [{ type: 'tools.known', tools: 2, tokens, toldTools: 1, toldTokens: 10, how: '' } as const] : []),
    ).map((event): JournalEvent => ({ ...event, run: id }));
    const spared = sparedTokens([...run('a', 100, true), ...run('b', 50, true), ...run('c', 0, false)])!;
    expect(definitionTokens(spared.definitions)).toBe(90 + 40);
    expect(spared.unrecorded).toBe(1);
  });

  it('are none where a model called its tools itself, and in chains', () => {
    expect(sparedTokens(journal(started('a', undefined, 'mcp', 'mcp.files.read'), ended('a', text(4000))))).toBeUndefined();
    expect(billOf('r', journal(started('c', undefined, 'chain', 'x.ts'), started('a', 'c', 'mcp', 'mcp.files.read'), ended('a', text(4000))), 0)).not.toHaveProperty('spared');
  });
});
