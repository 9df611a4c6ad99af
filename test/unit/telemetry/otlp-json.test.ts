import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/shared/dto.ts';
import { otlpJsonOf } from '../../../src/telemetry/otlp-json.ts';
import { readJson } from '../../../src/telemetry/received/read-json.ts';
import { ended, journalOf, started, type Entry } from './journal-fixture.ts';

const summary: RunSummary = {
  id: 'run_1', kind: 'chain', title: 't', source: 's', workspace: '/w', state: 'done', createdAt: 1000, steps: 0, events: 2, costUsd: 0, costMark: 'measured',
};

interface Exported {
  readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string; readonly kind: number; readonly startTimeUnixNano: string; readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: string; readonly doubleValue?: number } }[];
  readonly events: readonly { readonly name: string }[]; readonly status: { readonly code: number; readonly message?: string };
}

function exported(...entries: readonly Entry[]): readonly Exported[] {
  const document = JSON.parse(JSON.stringify(otlpJsonOf(summary, journalOf(...entries), '1.2.3'))) as { resourceSpans: [{ scopeSpans: [{ spans: Exported[] }] }] };
  return document.resourceSpans[0].scopeSpans[0].spans;
}

const attribute = (span: Exported | undefined, key: string) => {
  const value = span?.attributes.find((item) => item.key === key)?.value;
  return value?.stringValue ?? (value?.intValue === undefined ? value?.doubleValue : Number(value.intValue));
};

test('ids have the lengths that OTLP asks for, hang together, and are the same in every export', () => {
  const make = () => exported(started('root', undefined, 'run'), started('a', 'root'), ended('a'), ended('root'));
  const [root, child] = make();
  expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(root?.spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(child?.parentSpanId).toBe(root?.spanId);
  expect(child?.traceId).toBe(root?.traceId);
  expect(make()).toEqual([root, child]);
});

test('a call of an MCP tool bears the names of the conventions, split into server and tool', () => {
  const [span] = exported(
    { type: 'step.started', step: 'a', kind: 'mcp', name: 'mcp.filesystem.write_file', input: { json: { path: 'x' } } },
    { type: 'step.ended', step: 'a', status: 'ok', ms: 1, output: { json: 'done' } },
  );
  expect(span).toMatchObject({ name: 'tools/call write_file', kind: 3, status: { code: 1 } });
  expect(attribute(span, 'mcp.method.name')).toBe('tools/call');
  expect(attribute(span, 'gen_ai.operation.name')).toBe('execute_tool');
  expect(attribute(span, 'gen_ai.tool.name')).toBe('write_file');
  expect(attribute(span, 'gen_ai.tool.call.arguments')).toBe('{"path":"x"}');
  expect(attribute(span, 'gen_ai.tool.call.result')).toBe('"done"');
});

test('nanoseconds are exact for dates far beyond the integers of a JSON number', () => {
  const [span] = exported([1_795_000_000_123, started('a')], { type: 'step.ended', step: 'a', status: 'ok', ms: 0.25 });
  expect(span?.startTimeUnixNano).toBe('1795000000123000000');
  expect(span?.endTimeUnixNano).toBe('1795000000123250000');
});

test('a step that never ended is closed where the record stops and says that its end is unknown', () => {
  const [span] = exported([1000, started('a')], [1500, { type: 'run.log', level: 'info', message: 'm' }]);
  expect(span?.endTimeUnixNano).toBe('1500000000');
  expect(attribute(span, 'infrastructure_assassin.step.status')).toBe('unknown');
});

test('a failure has its code as error type and its message as status', () => {
  const [span] = exported(started('a'), { type: 'step.ended', step: 'a', status: 'error', ms: 1, error: { code: 'page-failed', message: 'HTTP 500' } });
  expect(span?.status).toEqual({ code: 2, message: 'HTTP 500' });
  expect(attribute(span, 'error.type')).toBe('page-failed');
});

test('decisions are events of their step, and meters attributes of the run, peaks not added up', () => {
  const [root] = exported(
    started('root', undefined, 'run'),
    { type: 'decision', step: 'root', action: 'browser', effect: 'allow', outcome: 'allowed', reason: 'Granted.' },
    { type: 'meter', meter: 'browser.pages', value: 2, mark: 'measured', source: 'x' }, { type: 'meter', meter: 'browser.pages', value: 3, mark: 'measured', source: 'x' },
    { type: 'meter', meter: 'browser.memory_bytes', value: 20, mark: 'measured', source: 'x' }, { type: 'meter', meter: 'browser.memory_bytes', value: 30, mark: 'measured', source: 'x' },
    ended('root'),
  );
  expect(root?.events.map((event) => event.name)).toEqual(['infrastructure_assassin.decision']);
  expect(attribute(root, 'infrastructure_assassin.meter.browser.pages')).toBe(5);
  expect(attribute(root, 'infrastructure_assassin.meter.browser.memory_bytes')).toBe(30);
});

test('a value that lies in a blob is exported as its beginning with its size', () => {
  const [span] = exported({ type: 'step.started', step: 'a', kind: 'tool', name: 't', input: { blob: 'ff', bytes: 9000, mediaType: 'application/json', preview: '[1,2' } });
  expect(attribute(span, 'gen_ai.tool.call.arguments')).toBe('[1,2 (9000 bytes in all)');
});

test('whole numbers are texts of integers and others doubles, as collectors ask for, and are read back as they were', () => {
  const entries = (value: number): readonly Entry[] => [started('root', undefined, 'run'), { type: 'meter', meter: 'browser.gb_seconds', value, mark: 'measured', source: 'x' }, ended('root')];
  const valueOf = (value: number) => exported(...entries(value))[0]?.attributes.find(({ key }) => key === 'infrastructure_assassin.meter.browser.gb_seconds')?.value;
  expect(valueOf(3)).toEqual({ intValue: '3' });
  expect(valueOf(0.25)).toEqual({ doubleValue: 0.25 });
  expect(valueOf(2 ** 60)).toEqual({ doubleValue: 2 ** 60 });
  for (const value of [3, 0.25, 2 ** 60]) {
    const [span] = readJson(Buffer.from(JSON.stringify(otlpJsonOf(summary, journalOf(...entries(value)), '1.2.3'))));
    expect(span?.attributes['infrastructure_assassin.meter.browser.gb_seconds']).toBe(value);
  }
});
