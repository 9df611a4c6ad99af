import { createHash } from 'node:crypto';
import type { ModelRequest } from './model-client.ts';

/** What every wire takes: OpenAI and Anthropic allow these characters, Google wants a letter or underscore first. */
const valid = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;

export interface WireNames {
  /** A name that no tool of the request has gets one of its own. */
  toWire(name: string): string;
  /** A name that stands for no tool of the request comes back as the model said it. */
  fromWire(name: string): string;
}

/** Names tools so that any provider accepts them, reversibly within one request and alike in each request with the same tools. */
export function wireNames(request: Pick<ModelRequest, 'tools' | 'messages'>): WireNames {
  const wire = new Map<string, string>();
  const original = new Map<string, string>();
  const add = (name: string) => {
    if (wire.has(name)) return;
    const plain = valid.test(name) ? name : madeValid(name);
    const free = original.has(plain) ? withHash(plain, name) : plain;
    wire.set(name, free);
    original.set(free, name);
  };
  const names = request.tools.map(({ name }) => name);
  // Valid names first: `a_b` must keep its name whichever side of `a.b` it is listed on.
  for (const name of names) if (valid.test(name)) add(name);
  for (const name of names) add(name);
  for (const message of request.messages) {
    if (message.role === 'assistant') for (const call of message.calls) add(call.name);
    if (message.role === 'tool') add(message.name);
  }
  const toWire = (name: string) => {
    add(name);
    return wire.get(name) ?? name;
  };
  return { toWire, fromWire: (name) => original.get(name) ?? name };
}

function madeValid(name: string): string {
  const replaced = name.replace(/[^a-zA-Z0-9_-]/g, '_').replace(/^(?![a-zA-Z_])/, '_');
  return replaced.length > 64 ? withHash(replaced, name) : replaced;
}

function withHash(plain: string, name: string): string {
  return `${plain.slice(0, 55)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
}
