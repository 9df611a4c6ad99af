import { parse } from 'acorn';
import { describe, expect, it } from 'vitest';
import { exportsOf } from '../../../src/chains/exports.ts';
import { guestModuleSource } from '../../../src/tools/guest-module.ts';
import { guestTypes } from '../../../src/tools/guest-types.ts';

describe('the module that chains import', () => {
  it('exports exactly what its declaration says, and what sees to unfinished calls', () => {
    const names = [...exportsOf(parse(guestModuleSource, { ecmaVersion: 'latest', sourceType: 'module' })).keys()].sort();
    const declared = [...guestTypes.slice(0, guestTypes.indexOf('\ndeclare const console')).matchAll(/^ {2}(?:const|function) (\w+)/gm)].map((match) => match[1]);
    expect(names).toEqual([...declared, '__finish'].sort());
    expect(names).toEqual(['__finish', 'agents', 'ask', 'bigValue', 'browser', 'catalogue', 'exec', 'http', 'log', 'mcp', 'memory', 'model', 'progress', 'prompts', 'resources', 'skills', 'tasks', 'topics', 'workspace']);
  });
});
