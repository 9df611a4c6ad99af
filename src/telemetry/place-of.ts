import type { RunSummary, Span } from '../shared/dto.ts';
import type { SourceLocation } from '../shared/errors.ts';
import type { Json } from '../shared/json.ts';

/** Only these name files of the workspace: the path of a page or of an MCP server is one of its own. */
const fileKinds: ReadonlySet<Span['kind']> = new Set(['workspace', 'edit', 'tool']);

/** The file of the workspace that a step is about, with its line where one is known. Where it failed comes first. */
export function placeOf(span: Span, run: Pick<RunSummary, 'kind' | 'source'>, attributes: Readonly<Record<string, Json>> = {}): SourceLocation | undefined {
  if (span.error?.location) return span.error.location;
  const named = attributes['code.file.path'] ?? attributes['code.filepath'];
  if (typeof named === 'string') return at(named, attributes['code.line.number'] ?? attributes['code.lineno'], attributes['code.column.number']);
  const { input } = span;
  if (fileKinds.has(span.kind) && input && 'json' in input && typeof input.json === 'object' && input.json !== null && !Array.isArray(input.json)) {
    const fields = input.json as Readonly<Record<string, Json>>;
    const { path } = fields;
    if (typeof path === 'string' && path !== '' && path !== '.') return at(path, fields['line'] ?? fields['from'], fields['column']);
  }
  const isProgram = span.kind === 'chain' || (span.kind === 'run' && run.kind !== 'trace' && run.kind !== 'task');
  const file = run.source.split('#')[0] ?? '';
  return isProgram && /\.[cm]?[jt]sx?$/.test(file) && file.includes('/') ? at(file, undefined, undefined) : undefined;
}

function at(file: string, line: Json | undefined, column: Json | undefined): SourceLocation {
  const count = (value: Json | undefined) => (typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : 1);
  return { file, line: count(line), column: count(column) };
}
