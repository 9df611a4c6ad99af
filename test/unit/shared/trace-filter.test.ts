import { describe, expect, it } from 'vitest';
import type { Span } from '../../../src/shared/dto.ts';
import { parseTraceFilter, passes, traceFilterText } from '../../../src/shared/trace-filter.ts';

const step = (more: Partial<Span> = {}): Span => ({ id: 's', kind: 'browser', name: 'page.goto', startedAt: 0, endedAt: 2500, depth: 0, status: 'ok', ...more });
const found = (text: string, span: Span, costUsd?: number) => passes(parseTraceFilter(text), span, () => `${span.name} ${span.kind}`.toLowerCase(), () => costUsd);

describe('a filter over steps', () => {
  it.each<readonly [string, Span, number | undefined, boolean]>([
    ['', step(), undefined, true],
    ['goto', step(), undefined, true],
    ['GOTO browser', step(), undefined, true],
    ['goto click', step(), undefined, false],
    ['kind:browser,model', step(), undefined, true],
    ['kind:browser,model', step({ kind: 'model' }), undefined, true],
    ['kind:browser,model', step({ kind: 'mcp' }), undefined, false],
    ['kind:edit', step({ kind: 'edit' }), undefined, true],
    ['kind:edit', step({ kind: 'workspace' }), undefined, false],
    ['kind:browser status:error,denied', step(), undefined, false],
    ['kind:browser status:error,denied', step({ status: 'denied' }), undefined, true],
    ['over:2s', step(), undefined, true],
    ['over:2.5s', step(), undefined, true],
    ['over:2501ms', step(), undefined, false],
    ['cost:0.01', step(), 0.01, true],
    ['cost:$0.01', step(), 0.009, false],
    ['cost:0', step(), undefined, false],
    ['kind:browser status:ok over:1s cost:0.5 goto', step(), 1, true],
    ['kind:browser status:ok over:1s cost:0.5 click', step(), 1, false],
  ])('%s', (text, span, costUsd, expected) => {
    expect(found(text, span, costUsd)).toBe(expected);
  });

  it('does not pass a step that goes on for its time', () => {
    const { endedAt: _, ...open } = step({ status: 'running' });
    expect([found('over:1ms', open), found('status:running', open)]).toEqual([false, true]);
  });

  it.each(['kind:nonsense', 'status:fine', 'over:long', 'over:5', 'cost:cheap', 'cost:', 'https://shop.example:443', 'kind:'])('takes what is no filter for a word: %s', (text) => {
    expect(parseTraceFilter(text)).toEqual({ words: [text], kinds: [], statuses: [] });
  });

  it.each(['', 'a b', 'a kind:model,mcp status:error over:2s cost:0.5', 'over:1500ms', 'kind:sandbox', 'cost:0'])('is written as it was read: "%s"', (text) => {
    expect(traceFilterText(parseTraceFilter(text))).toBe(text);
    expect(parseTraceFilter(traceFilterText(parseTraceFilter(text)))).toEqual(parseTraceFilter(text));
  });

  it('holds each kind once, and the last of several limits', () => {
    expect(parseTraceFilter('kind:model,model over:1s over:3s kind:mcp')).toEqual({ words: [], kinds: ['mcp'], statuses: [], minMs: 3000 });
  });
});
