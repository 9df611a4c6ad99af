import { describe, expect, it } from 'vitest';
import { isTerminal, nextRunState, runStates } from '../../../src/shared/run-state.ts';

describe('the states of a run', () => {
  it('end in four states that nothing leaves', () => {
    expect(runStates.filter(isTerminal)).toEqual(['done', 'failed', 'cancelled', 'interrupted']);
    for (const from of runStates.filter(isTerminal)) for (const to of runStates) expect(() => nextRunState(from, to)).toThrow();
  });

  it('do not let a run be done that never ran', () => {
    expect(() => nextRunState('queued', 'done')).toThrow('from queued to done');
    expect(nextRunState('running', 'waiting')).toBe('waiting');
  });
});
