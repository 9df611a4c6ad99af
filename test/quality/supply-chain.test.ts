import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '../../scripts/lib/bundle/notices.mjs';
import { inRoot } from '../../scripts/lib/paths.mjs';

interface LockedPackage {
  readonly hasInstallScript?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const json = <T>(path: string): T => JSON.parse(readFileSync(inRoot(...path.split('/')), 'utf8')) as T;
const metafile = json<{ readonly inputs: Readonly<Record<string, unknown>> }>('out/metafile.json');
const manifest = json<{ readonly scripts: Readonly<Record<string, string>>; readonly allowScripts: Readonly<Record<string, boolean>> }>('package.json');
const lockOf = (path: string) => json<{ readonly packages: Readonly<Record<string, LockedPackage>> }>(path).packages;
const locked = Object.entries(lockOf('package-lock.json')).filter(([path]) => path !== '');

/** Licences under which a package may be handed on with the product as it is. */
const allowed: ReadonlySet<string> = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', '(MPL-2.0 OR Apache-2.0)', 'Unlicense']);

/** Packages that run code when they are installed, each with why. */
const installScripts: Readonly<Record<string, string>> = {
  esbuild: 'checks that its program fits this computer',
  node: 'puts the program of its platform into place',
  '@vscode/vsce-sign': 'is not run: nothing is signed here',
  protobufjs: 'is not run: it only warns of version ranges; of tests',
  fsevents: 'builds a part for macOS; optional, and not run',
};

/** Where Node would look for a package, the nearest folder first. */
function places(from: string, name: string): readonly string[] {
  const outer = from.lastIndexOf('node_modules/');
  const here = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  return from === '' ? [here] : [here, ...places(from.slice(0, Math.max(0, outer - 1)), name)];
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const bundled = [...new Set(Object.keys(metafile.inputs).flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []))];

describe('what is handed on with the product', () => {
  const notices = thirdPartyNotices(metafile.inputs);
  const parts = new Map(notices.split(`\n\n${'-'.repeat(80)}\n\n`).map((part) => [/^(?:This product[^\n]*\n\n)?(\S+) \S+ \(/.exec(part)?.[1] ?? part.slice(0, 80), part] as const));

  it('is listed in the third-party notices, package by package', () => {
    expect(bundled.length).toBeGreaterThan(20);
    expect(bundled.map(nameOf).filter((name) => !parts.has(name))).toEqual([]);
    for (const name of ['quickjs-wasi', '@jitl/quickjs-wasmfile-release-sync']) expect([...parts.keys()]).toContain(name);
  });

  it('has a licence that allows it', () => {
    const licences = bundled.map((folder) => [nameOf(folder), json<{ readonly license?: string }>(`${folder}/package.json`).license] as const);
    expect(licences.filter(([, licence]) => licence === undefined || !allowed.has(licence))).toEqual([]);
  });

  it('comes with the text of its licence, or names it where its package has no text', () => {
    for (const [name, part] of parts) expect(part, name).toMatch(/permission|Apache License|redistribution|No licence file in the package; its manifest says: (?:MIT|Apache-2\.0|ISC)/i);
  });
});

describe('what is installed', () => {
  it('runs no script that was not reviewed', () => {
    const found = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => nameOf(path));
    expect(found.filter((name) => installScripts[name] === undefined)).toEqual([]);
    expect(Object.entries(manifest.allowScripts).flatMap(([name, allow]) => (allow ? [name] : [])).toSorted()).toEqual(['esbuild', 'node']);
  });

  it('is not added to by scripts of our own: installing the repository runs nothing of it', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$|^(?:pre|post)?prepare$|^dependencies$/.test(name))).toEqual([]);
  });

  it('is fixed by its hash', () => {
    expect(locked.length).toBeGreaterThan(100);
    const loose = locked.filter(([, { link, integrity = '' }]) => link !== true && !integrity.startsWith('sha512-'));
    expect(loose.map(([path]) => path)).toEqual([]);
  });

  // Packages of other platforms may be missing in a registry at the moment in which the file is written. npm leaves them out then, and refuses the file later.
  it.each(['package-lock.json', 'bench/peers/package-lock.json'])('is all in %s, for every platform', (path) => {
    const packages = lockOf(path);
    const missing = Object.entries(packages).flatMap(([from, { dependencies, optionalDependencies }]) => Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !places(from, name).some((place) => place in packages)).map((name) => `${name}, of ${from}`));
    expect(missing).toEqual([]);
  });
});
