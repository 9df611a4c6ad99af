import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '../..');
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: root })];
const read = (page: string) => readFileSync(join(root, page), 'utf8');

describe('the documentation', () => {
  it('names every setting in the README', () => {
    const text = read('README.md');
    const groups = [manifest.contributes.configuration].flat();
    const names = groups.flatMap((group) => Object.keys(group.properties)).map((name) => name.replace('infrastructureAssassin.', ''));
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(pages)('%s links only to files that exist', (page) => {
    const prose = read(page).replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });

  it.each(pages)('%s names no path of one machine', (page) => {
    expect(read(page)).not.toMatch(/(?<![\w.])\/(work|root|home\/\w+)\//);
  });
});
