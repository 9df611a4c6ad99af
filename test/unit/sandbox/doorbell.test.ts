import { describe, expect, it } from 'vitest';
import { Door, DoorbellButton, newDoorbell } from '../../../src/sandbox/doorbell.ts';

/** Both sides in one thread, with a worker that stands at its door. */
function both() {
  const memory = newDoorbell();
  const heard: string[] = [];
  const posted: string[] = [];
  const button = new DoorbellButton(memory);
  const door: Door = new Door(memory, 0, {
    isDue: () => true,
    isAnswer: () => false,
    takeIn: () => {
      const message = posted.shift();
      if (message === undefined) return false;
      door.messageTaken(message.startsWith('run'));
      heard.push(message);
      return true;
    },
    answers: ({ json }) => heard.push(json),
    program: (json) => heard.push(json),
  });
  const post = (message: string) => {
    posted.push(message);
    button.posted();
  };
  const standsAtDoor = () => {
    door.messageTaken(false);
    button.posted();
  };
  post('run first');
  return { button, door, heard, post, comesToDoor: () => door.attend(), standsAtDoor };
}

describe('a program for a worker that stands at its door', () => {
  it('is found there, and its answers after it', () => {
    const { button, heard, comesToDoor, standsAtDoor } = both();
    comesToDoor();
    expect(button.putProgram(1, () => '{"second":1}')).toBe(false);
    standsAtDoor();
    expect(button.putProgram(1, () => '{"second":1}')).toBe(true);
    comesToDoor();
    standsAtDoor();
    expect(button.put({ guest: 2, count: 1, id: 3, json: '[3,1,0]' })).toBeUndefined();
    comesToDoor();
    expect(heard).toEqual(['run first', '{"second":1}', '[3,1,0]']);
  });

  it('is posted where the worker has gone away, or the text does not fit', () => {
    const { button, heard, comesToDoor, standsAtDoor } = both();
    comesToDoor();
    expect(button.putProgram(1, () => '{}')).toBe(false);
    standsAtDoor();
    expect(button.putProgram(1, () => `{"x":"${'x'.repeat(5000)}"}`)).toBe(false);
    expect(button.putProgram(1, () => '{"x":"ä"}')).toBe(false);
    comesToDoor();
    expect(heard).toEqual(['run first']);
  });

  it('never overtakes what was posted: a word for the guest before it would reach this one', () => {
    const { button, heard, post, comesToDoor } = both();
    comesToDoor();
    post('stop');
    expect(button.putProgram(1, () => '{}')).toBe(false);
    post('run second');
    comesToDoor();
    expect(heard).toEqual(['run first', 'stop', 'run second']);
  });

  it('takes the place of answers for a guest that is gone', () => {
    const { button, heard, comesToDoor, standsAtDoor } = both();
    comesToDoor();
    standsAtDoor();
    expect(button.put({ guest: 1, count: 1, id: 9, json: '[9,1,0]' })).toBeUndefined();
    expect(button.putProgram(1, () => '{"second":1}')).toBe(true);
    comesToDoor();
    expect(heard).toEqual(['run first', '{"second":1}']);
  });
});
