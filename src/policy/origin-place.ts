import type { SourceLocation } from '../shared/errors.ts';

/** The file and line of an origin such as `.vscode/settings.json:12`; `undefined` for one that is no file. */
export function placeIn(origin: string): SourceLocation | undefined {
  const [, file, line] = /^(.+\.[\w]+):(\d+)$/.exec(origin) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: 1 };
}
