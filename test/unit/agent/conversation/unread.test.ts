import { describe, expect, it } from 'vitest';
import { unreadOf } from '../../../../src/agent/conversation/unread.ts';
import type { EventBody, JournalEvent } from '../../../../src/shared/events.ts';

const record = (...bodies: readonly EventBody[]): readonly JournalEvent[] => bodies.map((body, i) => ({ ...body, run: 'run_1', seq: i + 1, at: i }));
const queued = (message: string) => ({ type: 'message.queued', message, text: `text of ${message}` }) as const;
const asks = (parent: string) => ({ type: 'step.started', step: `model of ${parent}`, parent, kind: 'model', name: 'test/model' }) as const;

describe('what a person has said that no request has carried', () => {
  it('is told to the run that goes on: what waited, and what a turn had taken that was interrupted before it asked', () => {
    const events = record(queued('a'), queued('b'), queued('c'), queued('d'), { type: 'message.withdrawn', message: 'b' }, { type: 'message.read', message: 'a', step: 's_1' }, asks('s_1'), { type: 'message.read', message: 'c', step: 's_2' });
    expect(unreadOf(events)).toEqual(['text of c', 'text of d']);
    expect(unreadOf([...events, ...record(asks('s_2'))])).toEqual(['text of d']);
  });
});
