import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../scripts/lib/paths.mjs';
import { keyOf, manifest, readJson, textsIn, words } from './manifest.ts';
import { sourceFiles } from './sources.ts';

const { commands, configuration, menus = {}, views = {}, viewsContainers, viewsWelcome = [] } = manifest.contributes;
const settings = Object.entries(Object.assign({}, ...configuration.map(({ properties }) => properties)) as (typeof configuration)[number]['properties']);
const prefix = 'infrastructureAssassin.';

/** The places of a manifest that a person reads. */
const readByPeople = /(?:^|\.)(?:displayName|description|markdownDescription|title|category|contents|deprecationMessage|markdownDeprecationMessage|(?:markdown)?[eE]num(?:Item)?(?:Descriptions|ItemLabels)\.\d+)$/;

describe('manifest', () => {
  it('has commands, each with the category and a title from package.nls.json', () => {
    expect(commands.length).toBeGreaterThan(5);
    const wrong = commands.filter(({ command, title, category }) =>
      !command.startsWith(prefix) || words[keyOf(title) ?? ''] === undefined || category !== commands[0]?.category || words[keyOf(category) ?? ''] === undefined);
    expect(wrong).toEqual([]);
  });

  it('names in its menus only commands that it declares', () => {
    const known = new Set(commands.map(({ command }) => command));
    const used = Object.values(menus).flatMap((items) => items.flatMap(({ command }) => command ?? []));
    expect(used.filter((command) => command.startsWith(prefix) && !known.has(command))).toEqual([]);
  });

  it('gives every setting a scope, an order, a type and a description from package.nls.json', () => {
    expect(settings.length).toBeGreaterThan(5);
    const wrong = settings.filter(([name, { scope, order, type, description, markdownDescription }]) =>
      !name.startsWith(prefix) || scope === undefined || order === undefined || type === undefined || words[keyOf(markdownDescription ?? description) ?? ''] === undefined);
    expect(wrong).toEqual([]);
  });

  it('orders the settings of a section without doubles', () => {
    for (const { title, properties } of configuration) {
      const orders = Object.values(properties).map(({ order }) => order);
      expect(new Set(orders).size, title).toBe(orders.length);
    }
  });

  it('writes everything that people read as a localisation key', () => {
    const plain = textsIn(manifest).filter(({ path, text }) => readByPeople.test(path) && keyOf(text) === undefined && !/\.(?:body|default|defaultSnippets)\b/.test(path));
    expect(plain).toEqual([]);
  });

  it('uses every localisation key, and only those that exist', () => {
    const used = new Set(textsIn(manifest).flatMap(({ text }) => keyOf(text) ?? []));
    expect([...used].filter((key) => words[key] === undefined)).toEqual([]);
    expect(Object.keys(words).filter((key) => !used.has(key))).toEqual([]);
  });

  it('writes titles in sentence case without a full stop', () => {
    const titles = commands.map(({ title }) => words[keyOf(title) ?? ''] ?? '');
    expect(titles.filter((title) => title.endsWith('.') && !title.endsWith('...'))).toEqual([]);
    expect(titles.filter((title) => title[0] !== title[0]?.toUpperCase())).toEqual([]);
  });

  it('has a welcome for views that exist', () => {
    const known = new Set(Object.values(views).flatMap((list) => list.map(({ id }) => id)));
    expect(viewsWelcome.filter(({ view }) => !known.has(view))).toEqual([]);
    const containers = viewsContainers?.activitybar?.map(({ id }) => id) ?? [];
    expect(Object.keys(views).filter((container) => container.startsWith(prefix.slice(0, -1)) && !containers.includes(container))).toEqual([]);
  });

  it('does not start with the editor', () => {
    const events = manifest.activationEvents ?? [];
    expect(events.filter((event) => event === '*' || event.startsWith('onStartupFinished'))).toEqual([]);
  });

  it('is a module extension that runs where the workspace is, limited in untrusted ones', () => {
    expect(manifest.type).toBe('module');
    expect(manifest.main).toBe('./dist/extension.js');
    expect(manifest.extensionKind).toEqual(['workspace']);
    const { supported, restrictedConfigurations = [] } = manifest.capabilities?.untrustedWorkspaces ?? {};
    expect(supported).toBe('limited');
    const known = new Set(settings.map(([name]) => name));
    expect(restrictedConfigurations.filter((name) => !known.has(name))).toEqual([]);
  });

  it('asks for an editor no newer than the API that it is compiled against', () => {
    const types = readJson<{ version: string }>('node_modules', '@types', 'vscode', 'package.json');
    expect(manifest.engines.vscode).toBe(`^${types.version.split('.').slice(0, 2).join('.')}.0`);
  });
});

describe('texts in code', () => {
  it('are in the localisation bundle as they are now', async () => {
    const { getL10nJson } = await import('@vscode/l10n-dev');
    // Most of the time goes into parsing, and only half of the files have texts.
    const used = await getL10nJson(sourceFiles('src/vscode').concat(sourceFiles('src').filter(({ path }) => path === 'src/extension.ts'), sourceFiles('webview-ui'))
      .filter(({ text }) => text.includes('l10n'))
      .map(({ path, text }) => ({ contents: text, extension: path.endsWith('x') ? '.tsx' as const : '.ts' as const })));
    expect(existsSync(inRoot('l10n', 'bundle.l10n.json')), 'run "npm run l10n"').toBe(true);
    expect(readJson('l10n', 'bundle.l10n.json'), 'run "npm run l10n"').toEqual(used);
  }, 300_000);
});
