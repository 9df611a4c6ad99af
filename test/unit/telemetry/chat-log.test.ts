import { expect, test } from 'vitest';
import { waitedMs } from '../../../src/shared/chat.ts';
import { ChatLog } from '../../../src/telemetry/chat-log.ts';
import { costOf, sumUse } from '../../../src/telemetry/model-use.ts';
import type { RunState } from '../../../src/shared/run-state.ts';
import { created, ended, journalOf, started } from './journal-fixture.ts';

test('a run that a call has started stands at that call, also where a step deep inside of it did so', () => {
  const log = new ChatLog();
  log.add(journalOf(created, started('a', undefined, 'tool'), started('b', 'a', 'agent'), { type: 'run.child', step: 'b', child: 'run_2', agent: 'writer', recorded: false }, ended('b'), ended('a')));
  expect(log.items.filter(({ kind }) => kind === 'call')).toMatchObject([{ id: 'a', children: [{ run: 'run_2', agent: 'writer', recorded: false }] }]);
});

test('a pattern of agents, which no call has asked for, is shown as a step of its own once it has started a run', () => {
  const log = new ChatLog();
  const events = journalOf(created, started('p', undefined, 'agent'), { type: 'run.child', step: 'p', child: 'run_2', agent: 'one', recorded: false }, { type: 'run.child', step: 'p', child: 'run_3', agent: 'two', recorded: true }, ended('p'));
  log.add(events.slice(0, 2));
  expect(log.items.some(({ kind }) => kind === 'call')).toBe(false);
  log.add(events.slice(2));
  expect(log.items.filter(({ kind }) => kind === 'call')).toMatchObject([{ name: 'name of p', status: 'ok', children: [{ run: 'run_2' }, { run: 'run_3', recorded: true }] }]);
});

test('sums of use are as sure as their least sure part, and tokens without a price leave the sum unpriced', () => {
  const paid = { inputTokens: 10, outputTokens: 5, tokensMark: 'measured', costUsd: 0.5, costMark: 'billed' } as const;
  const about = { inputTokens: 1, outputTokens: 1, tokensMark: 'estimated', costUsd: 0.25, costMark: 'estimated' } as const;
  const unpriced = { inputTokens: 3, outputTokens: 0, tokensMark: 'measured' } as const;
  expect(sumUse([paid, about])).toEqual({ inputTokens: 11, outputTokens: 6, tokensMark: 'estimated', costUsd: 0.75, costMark: 'estimated' });
  expect(costOf(sumUse([paid, unpriced]))).toEqual({ usd: 0.5, mark: 'unknown' });
  expect(costOf(sumUse([]))).toEqual({ usd: 0, mark: 'measured' });
});

test('how long a run has waited for a person is told, over and going on', () => {
  const log = new ChatLog();
  const state = (from: RunState, to: RunState) => ({ type: 'run.state', from, to } as const);
  log.add(journalOf([0, created], [0, state('queued', 'running')], [1000, state('running', 'waiting')], [61_000, state('waiting', 'running')], [62_000, state('running', 'waiting')]));
  expect(log.use.waits).toEqual({ overMs: 60_000, since: 62_000 });
  expect(waitedMs(log.use.waits, 65_000)).toBe(63_000);
  log.add([{ ...state('waiting', 'cancelled'), run: 'run_1', seq: 6, at: 70_000 }]);
  expect(waitedMs(log.use.waits, 999_000)).toBe(68_000);
});

test('what is said while an answer is waited for stands with that answer, and what is said before and after it on its own', () => {
  const log = new ChatLog();
  const said = (message: string, level: 'debug' | 'info' | 'warn' = 'warn') => ({ type: 'run.log', level, message } as const);
  const events = journalOf(
    created, said('before'), started('m', undefined, 'model'), said('asked again'), said('for whoever mends it', 'debug'), said('asked another one', 'info'), ended('m'), said('after'),
    started('n', undefined, 'model'), ended('n'),
  );
  log.add(events.slice(0, 5));
  const { seq } = log;
  log.add(events.slice(5));
  const items = log.items.map((item) => (item.kind === 'turn' ? [item.id, ...(item.notes ?? []).map(({ text }) => text)].join(': ') : item.kind === 'note' ? item.text : item.kind));
  expect(items).toEqual(['person', 'before', 'm: asked again: asked another one', 'after', 'n']);
  // A page that knows the turn is told that there is more of it.
  expect(log.items.find(({ id }) => id === 'm')?.seq).toBeGreaterThan(seq);
});

test('of a turn that is asked for again and again the last notes are kept', () => {
  const log = new ChatLog();
  log.add(journalOf(created, started('m', undefined, 'model'), ...Array.from({ length: 50 }, (_, index) => ({ type: 'run.log', level: 'warn', message: `${index}` } as const))));
  const [, turn] = log.items;
  expect(turn?.kind === 'turn' ? turn.notes?.map(({ text }) => Number(text)) : undefined).toEqual(Array.from({ length: 20 }, (_, index) => index + 30));
});

test('a refusal says who has refused: the person with their words, the time, or the end of the run', () => {
  const log = new ChatLog();
  const asked = (approval: string) => ({ type: 'approval.asked', approval, action: `net https://${approval}`, cause: 'unlisted', reason: 'No grant covers it.', deadline: 1 } as const);
  const denied = (approval: string, effect: 'ask' | 'deny' = 'ask') => ({ type: 'decision', action: `net https://${approval}`, effect, outcome: 'denied', reason: 'No grant covers it.' } as const);
  const closed = (approval: string, how: 'deny' | 'timeout' | 'ended', reason?: string) => ({ type: 'approval.closed', approval, how, ...(reason === undefined ? {} : { reason }) } as const);
  log.add(journalOf(
    created, asked('a'), asked('b'), closed('b', 'timeout'), denied('b'), closed('a', 'deny', 'Not today.'), denied('a'), denied('a'), asked('c'), closed('c', 'ended'), denied('c'), denied('c', 'deny'), denied('never-asked'),
  ));
  expect(log.items.flatMap((item) => (item.kind === 'decision' ? [[item.asked, item.how, item.words]] : []))).toEqual([
    [true, 'timeout', undefined], [true, 'deny', 'Not today.'], [true, 'deny', 'Not today.'], [true, 'ended', undefined], [false, undefined, undefined], [true, undefined, undefined],
  ]);
});
