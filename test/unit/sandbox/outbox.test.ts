import { describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/sandbox/outbox.ts';
import type { FromWorker } from '../../../src/sandbox/protocol.ts';

function outbox(isAwaited: boolean) {
  const posted: FromWorker[] = [];
  const box = new Outbox((message) => void posted.push(message), () => isAwaited);
  // The first flush is behind it: a line goes out at once only after a silence.
  box.flush();
  return { box, posted };
}

const made = (from: number, to: number): FromWorker => ({ type: 'calls', count: to - from + 1, json: `[${Array.from({ length: to - from + 1 }, (_, i) => `[${from + i}]`).join(',')}]` });

describe('what a guest says during a turn', () => {
  it('travels together where nobody looks for it', () => {
    const { box, posted } = outbox(false);
    for (let i = 1; i <= 20; i++) box.call(`${i}`);
    expect(posted).toEqual([]);
    box.flush();
    expect(posted).toEqual([made(1, 20)]);
  });

  it('is handed over eight calls at a time to a host that looks, so that it has something to do meanwhile', () => {
    const { box, posted } = outbox(true);
    for (let i = 1; i <= 20; i++) box.call(`${i}`);
    expect(posted).toEqual([made(1, 8), made(9, 16)]);
    box.flush();
    expect(posted).toEqual([made(1, 8), made(9, 16), made(17, 20)]);
  });

  it('keeps its order: lines that came before go ahead of the calls', () => {
    const { box, posted } = outbox(true);
    box.line('warn', 'a');
    for (let i = 1; i <= 8; i++) box.call(`${i}`);
    expect(posted).toEqual([{ type: 'console', lines: [['warn', 'a']] }, made(1, 8)]);
  });
});
