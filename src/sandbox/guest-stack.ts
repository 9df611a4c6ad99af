/** One call of the guest's, in the module text that was run. Line and column count from 1. */
export interface GuestFrame {
  readonly module: string;
  readonly line: number;
  readonly column: number;
  /** Absent at the top level of a module and in functions without a name. */
  readonly function?: string;
}

/** A stack is text of the guest's: however long it is, only so much of it is read. */
const maxFrames = 50;
const maxLineLength = 2000;

/**
 * The frames that lie in `modules`, innermost first. What the engine writes is `at f (module:line:column)`, or `at module:line:column`
 * for a place that could not be compiled.
 */
export function parseGuestStack(stack: string, modules: { has(name: string): boolean }): readonly GuestFrame[] {
  const frames: GuestFrame[] = [];
  for (const line of stack.split('\n', maxFrames)) {
    if (line.length > maxLineLength) continue;
    const frame = parseFrame(line);
    if (frame && modules.has(frame.module)) frames.push(frame);
  }
  return frames;
}

function parseFrame(text: string): GuestFrame | undefined {
  const line = text.trim();
  if (!line.startsWith('at ')) return undefined;
  const open = line.endsWith(')') ? line.indexOf(' (') : -1;
  const place = /^(.+):(\d{1,9}):(\d{1,9})$/.exec(open < 0 ? line.slice(3) : line.slice(open + 2, -1));
  if (!place) return undefined;
  const name = open < 0 ? '' : line.slice(3, open);
  return {
    module: place[1]!,
    line: Number(place[2]),
    column: Number(place[3]),
    ...(name === '' || name === '<anonymous>' || name === '<eval>' ? {} : { function: name }),
  };
}

/** A compile error is the only one whose innermost place has no function around it: `at main.ts:2:9`, before any ` (`. */
export function isCompileError(name: string, stack: string, modules: { has(name: string): boolean }): boolean {
  if (name !== 'SyntaxError') return false;
  const first = stack.split('\n', 1)[0] ?? '';
  const frame = first.length > maxLineLength || first.includes(' (') ? undefined : parseFrame(first);
  return frame !== undefined && modules.has(frame.module);
}
