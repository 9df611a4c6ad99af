import { expect, it } from 'vitest';
import { sourceFiles } from './sources.ts';

/** What a text may count one of. Tokens, characters and milliseconds come by the hundred. */
const counted = 'runs|files|steps|keys|decisions|entries|questions|pictures|things|tools|problems|events|rows|places|conversations|errors|requests|rules|pages|agents|servers|changes';
const counting = new RegExp(`l10n\\.t\\('[^']*\\{\\d\\} (?:${counted})\\b`);

/** Lines that say how many of something there are, without another text for one: "Put 1 files back". */
function withoutSingular(files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  return files.flatMap(({ path, text }) => text.split('\n').filter((line, i, lines) => counting.test(line) && !/=== 1\b|> 1\b/.test(`${lines[i - 1] ?? ''}${line}`)).map((line) => `${path}: ${line.trim()}`));
}

/** Always several, or of a whole that is. */
const several = ['{0} steps, still being read…', '{0} events, still being read…', '{0} of {1} things', 'At most {0} pictures', 'All: {0} of {1} runs', '{0}: {1} runs', '{0} questions of other runs'];

it('a text that counts things has another one for a single thing', () => {
  const found = withoutSingular([...sourceFiles('src/vscode'), ...sourceFiles('webview-ui')]).filter((line) => !several.some((text) => line.includes(text)));
  expect(found).toEqual([]);
});

it('a text without one for a single thing is found', () => {
  const find = (text: string) => withoutSingular([{ path: 'x.ts', text }]).length;
  expect(find("const a = l10n.t('Put {0} files back?', files.length);")).toBe(1);
  expect(find("const a = files.length === 1 ? l10n.t('Put the file back?') : l10n.t('Put {0} files back?', files.length);")).toBe(0);
});
