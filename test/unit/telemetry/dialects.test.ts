import { expect, it } from 'vitest';
import { meaningOf } from '../../../src/telemetry/received/dialects.ts';

it.each(['constructor', '__proto__', 'toString', 'nothing known'])('a span that calls its kind %s has that of a span that names none', (kind) => {
  expect(meaningOf({ attributes: { 'gen_ai.operation.name': kind }, kind: 1, parentSpanId: '00000000000000aa' }).kind).toBe('chain');
});

it('the first kind that is known counts, whatever stands before it', () => {
  expect(meaningOf({ attributes: { 'openinference.span.kind': 'constructor', 'gen_ai.operation.name': 'CHAT' }, kind: 1 }).kind).toBe('model');
});
