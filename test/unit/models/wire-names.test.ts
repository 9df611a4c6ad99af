import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wireNames } from '../../../src/models/wire-names.ts';

const namesFor = (names: readonly string[]) => wireNames({ tools: names.map((name) => ({ name, description: '', inputSchema: {} })), messages: [] });

describe('names of tools on the wire', () => {
  it('are valid, different and reversible, whatever the tools are called', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '.', '_', '-', '9'), maxLength: 100 })), { maxLength: 40 }), (names) => {
      const wire = namesFor(names);
      const sent = names.map((name) => wire.toWire(name));
      for (const name of sent) expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
      expect(new Set(sent).size).toBe(names.length);
      expect(sent.map((name) => wire.fromWire(name))).toEqual(names);
    }));
  });

  it('keep a valid name on whichever side of a similar one it is listed', () => {
    for (const names of [['a.b', 'a_b'], ['a_b', 'a.b']]) expect(namesFor(names).toWire('a_b')).toBe('a_b');
  });

  it('do not depend on which other tools there are, as long as they are not alike', () => {
    expect(namesFor(['fs.read', 'x']).toWire('fs.read')).toBe(namesFor(['y', 'z', 'fs.read']).toWire('fs.read'));
  });

  it('hold for tools that are only in the conversation any more', () => {
    const wire = wireNames({ tools: [], messages: [{ role: 'assistant', text: '', calls: [{ id: 'a', name: 'gone.tool', input: {} }] }] });
    expect(wire.toWire('gone.tool')).toBe('gone_tool');
    expect(wire.fromWire('gone_tool')).toBe('gone.tool');
  });
});
