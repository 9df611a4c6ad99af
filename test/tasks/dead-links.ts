import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const files = {
  'README.md': '# Manual\n\n- [Install](docs/install.md)\n- [Usage](docs/usage.md#first-steps)\n- [Home](https://example.org/docs/usage.md)\n',
  'docs/setup/install.md': '# Install\n\nThen see [usage](usage.md), or go [back](../README.md).\n',
  'docs/guide/usage.md': '# Usage\n\n## First steps\n\nAs in `[a](b.md)`, see [faq](./faq.md).\n',
  'docs/faq.md': '# FAQ\n\n[Install](setup/install.md) first. ![Picture](img/logo.svg)\n',
  'docs/img/logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

export const deadLinks: SeededTask = {
  id: 'dead-links',
  name: 'links that broke when files were moved lead to them again',
  files,
  text: () => 'Files below docs were moved, and links between the Markdown files broke. Let each broken relative link lead to the file of that name again, and keep the part after "#". Everything else stays as it is.',
  grants: () => ['fs.write README.md', 'fs.write docs/**'],
  answers: () => [
    code(`import { workspace } from "assassin";
async function all(folder: string): Promise<string[]> {
  const entries = await workspace.list(folder);
  const paths = await Promise.all(entries.map(({ name, kind }) => {
    const path = folder === "." ? name : folder + "/" + name;
    return kind === "directory" ? all(path) : [path];
  }));
  return paths.flat();
}
const parts = (path: string) => path.split("/").slice(0, -1);
function resolve(from: string, link: string): string {
  const out = parts(from);
  for (const part of link.split("/")) part === ".." ? out.pop() : part !== "." && out.push(part);
  return out.join("/");
}
function relative(from: string, to: string): string {
  const a = parts(from), b = to.split("/");
  while (a.length > 0 && a[0] === b[0]) { a.shift(); b.shift(); }
  return "../".repeat(a.length) + b.join("/");
}
export default async function () {
  const paths = await all(".");
  const changed: string[] = [];
  for (const path of paths.filter((each) => each.endsWith(".md"))) {
    const text = await workspace.readFile(path);
    const edits = [];
    for (const [whole, before, link, after] of text.matchAll(/(?<!\`)(\\]\\()([^)#:]+\\.\\w+)((?:#[^)]*)?\\))(?!\`)/g)) {
      if (paths.includes(resolve(path, link!))) continue;
      const there = paths.filter((each) => each.split("/").at(-1) === link!.split("/").at(-1));
      if (there.length === 1) edits.push({ oldText: whole, newText: before + relative(path, there[0]!) + after });
    }
    if (edits.length > 0) { await workspace.edit(path, edits); changed.push(path + ": " + edits.length); }
  }
  return changed;
}`),
    code('import { workspace } from "assassin";\nexport default async () => Promise.all(["README.md", "docs/setup/install.md", "docs/guide/usage.md"].map((path) => workspace.readFile(path)));'),
    finishChecked('The broken links lead to their files again.'),
  ],
  changes: ['README.md', 'docs/guide/usage.md', 'docs/setup/install.md'],
  check: ({ workspace }) => {
    const links = Object.keys(files).filter((path) => path.endsWith('.md')).flatMap((path) => {
      const text = readFileSync(join(workspace, path), 'utf8').replace(/`[^`]*`/g, '');
      return [...text.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, link = '']) => join(dirname(path), link));
    });
    assert.equal(links.length, 7);
    assert.deepEqual(links.filter((link) => !existsSync(join(workspace, link))), []);
    assert.match(readFileSync(join(workspace, 'README.md'), 'utf8'), /\(docs\/guide\/usage\.md#first-steps\)[\s\S]*https:\/\/example\.org\/docs\/usage\.md/);
    assert.match(readFileSync(join(workspace, 'docs/guide/usage.md'), 'utf8'), /`\[a\]\(b\.md\)`/);
  },
};
