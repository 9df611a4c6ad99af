import type { SourceFile } from './sources.ts';

/** What repeats by itself: an interval, or a timeout that the function it calls sets again. */
export interface RepeatingTimer {
  readonly file: string;
  readonly kind: 'interval' | 'timeout';
  /** The function that sets it. */
  readonly in: string;
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
const start = /^(?: {2}(?:private |static |async )*(?:get )?(#?[A-Za-z]\w*)\(|(?:export )?(?:async )?function (\w+)|(?:export )?const (\w+) = (?:async )?\()/;
const reserved: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'if', 'for', 'while', 'switch', 'return', 'catch']);

/** Functions and methods with their lines: all that stands until the next one begins. */
function functionsOf(text: string): readonly { readonly name: string; readonly body: string }[] {
  const found: { name: string; lines: string[] }[] = [];
  for (const line of withoutComments(text).split('\n')) {
    const name = start.exec(line)?.slice(1).find((part) => part !== undefined);
    if (name !== undefined && !reserved.has(name)) found.push({ name, lines: [line] });
    else found.at(-1)?.lines.push(line);
  }
  return found.map(({ name, lines }) => ({ name, body: lines.join('\n') }));
}

const calls = (body: string, name: string) => new RegExp(`(?:^|[^\\w#])(?:this\\.)?${name}\\(`).test(body.slice(body.indexOf('\n') + 1));

/** Whether one leads to the other by calls within the file. */
function reaches(from: string, to: string, all: readonly { readonly name: string; readonly body: string }[], seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return all.some(({ name, body }) => name === from && all.some((next) => calls(body, next.name) && reaches(next.name, to, all, seen)));
}

/** What stands between the parentheses of each `setTimeout`. */
function callbacksOf(body: string): readonly string[] {
  return [...body.matchAll(/(?<![.\w])setTimeout\(/g)].map(({ index, 0: call }) => {
    const from = index + call.length;
    let open = 1;
    let to = from;
    for (; to < body.length && open > 0; to++) open += body[to] === '(' ? 1 : body[to] === ')' ? -1 : 0;
    return body.slice(from, to - 1);
  });
}

export function repeatingTimers(files: readonly Pick<SourceFile, 'path' | 'text'>[]): readonly RepeatingTimer[] {
  return files.flatMap(({ path, text }) => {
    if (!/setInterval\(|setTimeout\(/.test(text)) return [];
    const all = functionsOf(text);
    return all.flatMap(({ name, body }) => {
      const interval = /(?<![.\w])setInterval\(/.test(body) ? [{ file: path, kind: 'interval', in: name } as const] : [];
      const called = callbacksOf(body).flatMap((text) => all.filter((other) => new RegExp(`(?:^|[^\\w#])(?:this\\.)?${other.name}\\b`).test(text)));
      const again = called.some((other) => reaches(other.name, name, all));
      return [...interval, ...(again ? [{ file: path, kind: 'timeout', in: name } as const] : [])];
    });
  });
}
