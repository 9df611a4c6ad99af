/** Modules through which code reaches out of its process, by the one word under which their use is reviewed. */
const modules: readonly (readonly [pattern: RegExp, effect: Effect])[] = [
  [/^(node:)?fs(\/promises)?$/, 'files'],
  [/^(node:)?child_process$|^(cross-spawn|execa)$/, 'processes'],
  [/^(node:)?(net|http|https|http2|tls|dgram|dns|dns\/promises)$|^(undici|ws|node-fetch|axios|got)$/, 'network'],
  [/^(node:)?(worker_threads|cluster|vm|inspector|inspector\/promises|module|wasi)$/, 'code'],
  [/^(node:)?sqlite$/, 'database'],
  [/^puppeteer/, 'browser'],
  [/^@modelcontextprotocol\//, 'mcp'],
];

const calls: readonly (readonly [pattern: RegExp, effect: Effect])[] = [
  [/(?<![.\w])fetch\(|globalThis\.fetch|new (?:WebSocket|EventSource|XMLHttpRequest)\b|construct\(WebSocket\b|navigator\.sendBeacon/, 'network'],
  [/process\.(?:kill|dlopen|binding)\b/, 'processes'],
  [/(?<![.\w])eval\(|new Function\(|process\.getBuiltinModule|createRequire/, 'code'],
  [/vscode\.workspace\.fs\b|applyEdit\(/, 'files'],
  [/openExternal\(|createTerminal\(|new vscode\.(?:ShellExecution|ProcessExecution)|executeTask\(/, 'processes'],
];

export type Effect = 'files' | 'processes' | 'network' | 'code' | 'database' | 'browser' | 'mcp';

/** What these modules offer that reaches nothing. */
const harmless: ReadonlySet<string> = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'constants', 'isBuiltin']);

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

/** The kinds of effects that a source file uses by itself. Types are none, explanations and harmless names neither. */
export function effectsOf(text: string): readonly Effect[] {
  const code = withoutComments(text);
  const found = new Set<Effect>();
  const see = (specifier: string) => {
    for (const [pattern, effect] of modules) if (pattern.test(specifier)) found.add(effect);
  };
  for (const [, clause = '', specifier = ''] of code.matchAll(/^\s*(?:import|export)\s([^'"`;]*?)\bfrom\s+['"]([^'"]+)['"]/gm)) if (!isHarmless(clause)) see(specifier);
  for (const [, specifier = ''] of code.matchAll(/^\s*import\s+['"]([^'"]+)['"]/gm)) see(specifier);
  for (const [, specifier = ''] of code.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]+)['"`]\s*\)/g)) see(specifier);
  for (const [pattern, effect] of calls) if (pattern.test(code)) found.add(effect);
  return [...found].sort();
}

function isHarmless(clause: string): boolean {
  if (/^type\s/.test(clause)) return true;
  const names = /^\{([^}]*)\}\s*$/.exec(clause)?.[1];
  return names !== undefined && names.split(',').map((name) => name.trim()).every((name) => name === '' || name.startsWith('type ') || harmless.has(name));
}
