import { describe, expect, it } from 'vitest';
import { Mailbox, mailboxBytes, type Mail } from '../../../src/sandbox/mailbox.ts';

function both(): { readonly host: Mailbox; readonly worker: Mailbox; readonly memory: SharedArrayBuffer } {
  const memory = new SharedArrayBuffer(16 + mailboxBytes);
  return { host: new Mailbox(memory, 16), worker: new Mailbox(memory, 16), memory };
}

const mail = (more: Partial<Mail> = {}): Mail => ({ guest: 1, count: 1, id: 7, json: '[7,1,{"a":"b"}]', ...more });

describe('the mailbox between host and worker', () => {
  it('hands over what was put in, once', () => {
    const { host, worker } = both();
    expect(worker.take(1)).toBeUndefined();
    expect(host.put(mail())).toBe(true);
    expect(worker.take(1)).toEqual(mail());
    expect(worker.take(1)).toBeUndefined();
  });

  it('holds one at a time: the next one must go another way until it was taken', () => {
    const { host, worker } = both();
    expect([host.put(mail()), host.put(mail({ id: 8 }))]).toEqual([true, false]);
    expect(worker.take(1)?.id).toBe(7);
    expect(host.put(mail({ id: 8 }))).toBe(true);
  });

  it.each([['too long', 'x'.repeat(5000)], ['not plain', '[7,1,"ä"]'], ['half of a letter', '[7,1,"\ud800"]']])('takes no text that is %s', (_, json) => {
    const { host, worker } = both();
    expect(host.put(mail({ json }))).toBe(false);
    expect(worker.take(1)).toBeUndefined();
    expect(host.put(mail())).toBe(true);
  });

  it('gives a guest nothing that was meant for one before it, and keeps what is meant for one after it', () => {
    const { host, worker } = both();
    host.put(mail({ guest: 1 }));
    expect(worker.take(2)).toBeUndefined();
    expect(host.put(mail({ guest: 3 }))).toBe(true);
    expect(worker.take(2)).toBeUndefined();
    expect(worker.take(3)).toEqual(mail({ guest: 3 }));
  });

  it('can be emptied by the host as long as nobody has taken it', () => {
    const { host, worker } = both();
    host.put(mail());
    expect([host.takeBack(), host.takeBack(), worker.take(1)]).toEqual([true, false, undefined]);
    host.put(mail());
    worker.take(1);
    expect(host.takeBack()).toBe(false);
  });

  it('adds answers to those that still lie there for the same guest', () => {
    const { host, worker } = both();
    expect(host.takeBackWith(mail())).toBeUndefined();
    host.put(mail({ id: 7, json: '[7,1,"a"]' }));
    const all = host.takeBackWith(mail({ count: 2, id: 0, json: '[8,1,null,9,1,null]' }));
    expect(all).toEqual(mail({ count: 3, id: 0, json: '[7,1,"a",8,1,null,9,1,null]' }));
    expect(worker.take(1)).toBeUndefined();
    expect(host.put(all!)).toBe(true);
    expect(worker.take(1)).toEqual(all);
  });

  it('leaves what lies there where it is for another guest, or both would not fit', () => {
    const { host, worker } = both();
    host.put(mail());
    expect([host.takeBackWith(mail({ guest: 2 })), host.takeBackWith(mail({ json: `["${'x'.repeat(4090)}"]` }))]).toEqual([undefined, undefined]);
    expect(host.isFull).toBe(true);
    expect(worker.take(1)).toEqual(mail());
    expect(host.isFull).toBe(false);
  });

  it('keeps nothing of what was taken, nor of what was thrown away', () => {
    for (const guest of [1, 2]) {
      const { host, worker, memory } = both();
      host.put(mail({ json: '"secret"' }));
      worker.take(guest);
      expect(Buffer.from(memory).includes('secret')).toBe(false);
    }
  });
});
