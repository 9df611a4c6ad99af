/** Compiles modules without running them: each is imported behind one that throws, which ends it after it was linked and before it was evaluated. */
export const enough = 'globalThis.enough = new Error("enough");\nthrow globalThis.enough;';

/** The modules by which one source is compiled; `enough.js` comes on top. */
export function startModules(source: string, i: number): readonly (readonly [name: string, source: string])[] {
  return [[`start-${i}.js`, `import './enough.js';\nimport './test-${i}.js';`], [`test-${i}.js`, source]];
}

/** A function of their number; gives whether each was compiled. One that imports what is not there was. */
export const compileAll = `async (count) => {
  const compiled = [];
  for (let i = 0; i < count; i++) {
    try { await import('./start-' + i + '.js'); } catch (error) { compiled.push(error === globalThis.enough || error.name === 'ImportError'); }
  }
  return compiled;
}`;
