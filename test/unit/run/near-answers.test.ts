import { expect, test } from 'vitest';
import { NearAnswers } from '../../../src/run/near-answers.ts';

test('whoever waits hears of each answer that is near, until it waits no more', () => {
  const near = new NearAnswers();
  const heard: string[] = [];
  using _first = near.onNear(() => heard.push('first'));
  {
    using _second = near.onNear(() => heard.push('second'));
    near.tell();
  }
  near.tell();
  expect(heard).toEqual(['first', 'second', 'first']);
});
