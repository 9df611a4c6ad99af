import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Steering } from '../../../src/cli/steering.ts';
import { Terminal } from '../../../src/cli/terminal.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

function keyboard(isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream & PassThrough;
  const notes: string[] = [];
  const terminal = new Terminal({ stdin, stdout: { write: () => true }, stderr: { isTTY: true, write: (text: string) => notes.push(text) }, env: {} });
  const said: string[] = [];
  const tasks = { useWhole: (run: string) => {
    said.push(`${run} whole`);
    return { tokens: 1234 };
  }, steer: (run: string, text: string) => {
    if (text === 'too late') throw new AssassinError('invalid-input', 'The task has ended.');
    said.push(`${run}: ${text}`);
    return { message: 'msg_1' };
  } };
  return { stdin, terminal, notes, said, tasks };
}

describe('lines that are typed while a task goes on', () => {
  it('are said to it, blank ones not, and a refusal is shown', async () => {
    const { stdin, terminal, notes, said, tasks } = keyboard();
    using steering = new Steering(terminal);
    steering.begin(tasks, 'run_1');
    stdin.write('use tabs\n\nand hurry\ntoo late\n');
    await turn();
    expect(said).toEqual(['run_1: use tabs', 'run_1: and hurry']);
    expect(notes.join('')).toContain('The task has ended.');
  });

  it('take back that the conversation was shortened, with a word of its own', async () => {
    const { stdin, terminal, notes, said, tasks } = keyboard();
    using steering = new Steering(terminal);
    steering.begin(tasks, 'run_1');
    stdin.write(' /whole \n/wholesale\n');
    await turn();
    expect(said).toEqual(['run_1 whole', 'run_1: /wholesale']);
    expect(notes.join('')).toContain('about 1234 tokens');
  });

  it('belong to a question while one is open, and to the task again afterwards', async () => {
    const { stdin, terminal, said, tasks } = keyboard();
    using steering = new Steering(terminal);
    steering.begin(tasks, 'run_1');
    {
      using _question = steering.pause();
      stdin.write('yes\n');
      await turn();
      stdin.read();
      expect(said).toEqual([]);
    }
    stdin.write('go on\n');
    await turn();
    expect(said.at(-1)).toBe('run_1: go on');
  });

  it('of a pipe are left alone', async () => {
    const { stdin, terminal, said, tasks } = keyboard(false);
    using steering = new Steering(terminal);
    steering.begin(tasks, 'run_1');
    stdin.write('data of somebody else\n');
    await turn();
    expect(said).toEqual([]);
  });
});
