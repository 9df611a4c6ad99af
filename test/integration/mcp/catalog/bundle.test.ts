import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../../../src/mcp/bundle/bundle-folder.ts';
import type { InstallPlan } from '../../../../src/mcp/catalog/install-plan.ts';
import { readVsCodeMcpFile } from '../../../../src/mcp/mcp-config-files.ts';
import { addToConfig } from '../../../../src/mcp/import/add-to-config.ts';
import { httpSite } from '../../../helpers/http-site.ts';
import { fixture, withHub } from '../../../helpers/mcp.ts';
import { withCatalog, type TestCatalog } from '../../../helpers/mcp-catalog.ts';
import { entry, testRegistry } from '../../../helpers/mcp-registry.ts';
import { zip, type ZipEntry } from '../../../helpers/zip.ts';

const manifest = (fields: object = {}) => JSON.stringify({
  manifest_version: '0.3', name: 'notes', version: '1.0.0', description: 'Notes', author: { name: 'Somebody' },
  server: { type: 'node', entry_point: 'server/index.mjs', mcp_config: { command: 'node', args: ['${__dirname}/server/index.mjs', 'well'] } }, ...fields,
});
const bundle = (fields: object = {}, more: readonly ZipEntry[] = []) => zip([{ path: 'manifest.json', text: manifest(fields) }, { path: 'server/index.mjs', text: '// a server' }, ...more]);
const started = (config: object, user: object = {}) => ({ server: { type: 'node', entry_point: 'server/index.mjs', mcp_config: config }, user_config: user });

async function add({ catalog, folder }: TestCatalog, archive: Buffer, { yes = true, given = {} }: { readonly yes?: boolean; readonly given?: Readonly<Record<string, readonly string[]>> } = {}): Promise<InstallPlan> {
  const file = join(folder, 'a.mcpb');
  writeFileSync(file, archive);
  return await catalog.addBundle(file, { given, confirm: () => Promise.resolve(yes) });
}
const kept = (folder: string): readonly string[] => (existsSync(join(folder, 'mcp-bundles')) ? readdirSync(join(folder, 'mcp-bundles')) : []);

describe('a bundle', () => {
  it('is unpacked and becomes a server that starts and answers', async () => {
    const script = readFileSync(fixture('misbehaving.mjs'), 'utf8');
    await withCatalog({}, async (test) => {
      const archive = zip([{ path: 'manifest.json', text: manifest() }, { path: 'server/index.mjs', text: script, mode: 0o755 }]);
      const plan = await add(test, archive);
      expect(plan).toMatchObject({ name: 'notes', entry: { type: 'stdio', command: 'node', cwd: expect.stringContaining(`notes-1.0.0-${sha256Of(archive).slice(0, 12)}`) as string } });
      expect(plan.notes.join('\n')).toMatch(/by Somebody, by its own word; who made it was not verified[\s\S]*SHA-256/);
      const file = join(kept(test.folder)[0]!, 'server/index.mjs');
      if (process.platform !== 'win32') expect(statSync(join(test.folder, 'mcp-bundles', file)).mode & 0o777).toBe(0o700);
      const { servers, problems } = readVsCodeMcpFile(addToConfig('', 'mcp.json', plan.name, plan.entry, plan.inputs));
      expect(problems).toEqual([]);
      await withHub(() => servers, async ({ hub }) => expect((await hub.tools('notes')).length).toBeGreaterThan(0));
    });
  });

  it('asks for what its manifest wants of the person, keeps secrets as inputs, and takes what is given', async () => {
    const config = started(
      { command: 'node', args: ['${__dirname}/server/index.mjs', '${user_config.folders}', '--limit=${user_config.limit}', '${user_config.extra}'], env: { KEY: '${user_config.key}', WHERE: '${HOME}/notes', NONE: '${user_config.extra}' } },
      {
        folders: { type: 'directory', multiple: true, required: true, default: ['${HOME}/Desktop', '${DOCUMENTS}'] }, key: { type: 'string', sensitive: true, required: true, title: 'Key', description: 'From the site' },
        limit: { type: 'number', default: 5 }, extra: { type: 'string' },
      },
    );
    await withCatalog({}, async (test) => {
      const plan = await add(test, bundle(config));
      expect(plan.entry).toMatchObject({ args: [expect.stringMatching(/server.index\.mjs$/) as string, '${userHome}/Desktop', '${userHome}/Documents', '--limit=5'], env: { KEY: '${input:notes-key}', WHERE: '${userHome}/notes' } });
      expect(plan.inputs).toEqual([{ id: 'notes-key', type: 'promptString', password: true, description: 'Key: From the site' }]);
      expect(plan.notes.join('\n')).toContain('It also takes extra, which was left out');
      const given = await add(test, bundle(config), { given: { folders: ['/a', '/b'], key: ['typed in the open'], limit: ['7'] } });
      expect(given.entry).toMatchObject({ args: [expect.any(String) as string, '/a', '/b', '--limit=7'], env: { KEY: '${input:notes-key}' } });
      expect(JSON.stringify(given)).not.toContain('typed in the open');
      await expect(add(test, bundle(config), { given: { limit: ['many'] } })).rejects.toMatchObject({ code: 'invalid-input' });
      await expect(add(test, bundle(config), { given: { other: ['1'] } })).rejects.toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('folders') as string });
      await expect(add(test, bundle(config), { given: { folders: ['${env:TOKEN}'] } })).rejects.toMatchObject({ code: 'invalid-input' });
    });
  });

  it('leaves nothing where the person declines', async () => {
    await withCatalog({}, async (test) => {
      await expect(add(test, bundle(), { yes: false })).rejects.toMatchObject({ code: 'cancelled' });
      expect(kept(test.folder)).toEqual([]);
    });
  });

  it('runs what it says for this system', async () => {
    await withCatalog({}, async (test) => {
      const platform = { [process.platform]: { command: 'python3', args: ['x.py'] } };
      expect((await add(test, bundle(started({ command: 'node', args: ['a'], platform_overrides: platform })))).command).toBe('python3 x.py');
      await expect(add(test, bundle({ compatibility: { platforms: ['beos'] } }))).rejects.toMatchObject({ code: 'not-supported', message: expect.stringContaining('beos') as string });
    });
  });

  it.each<readonly [string, () => Buffer, string]>([
    ['a path that leads upwards', () => bundle({}, [{ path: '../evil', text: 'x' }]), 'could not be unpacked'],
    ['a path that leads upwards in the middle', () => bundle({}, [{ path: 'a/../../evil', text: 'x' }]), 'could not be unpacked'],
    ['an absolute path', () => bundle({}, [{ path: '/tmp/evil', text: 'x' }]), 'could not be unpacked'],
    ['a path with backslashes', () => bundle({}, [{ path: '..\\evil', text: 'x' }]), 'could not be unpacked'],
    ['a path with a drive', () => bundle({}, [{ path: 'C:evil', text: 'x' }]), 'absolute path'],
    ['the name of a device', () => bundle({}, [{ path: 'server/nul.js', text: 'x' }]), 'leads elsewhere'],
    ['a link', () => bundle({}, [{ path: 'link', text: '/etc/passwd', mode: 0o120777 ^ 0o100000 }]), 'neither a file nor a folder'],
    ['a file twice', () => bundle({}, [{ path: 'Server/index.mjs', text: 'other' }]), 'twice'],
    ['no manifest', () => zip([{ path: 'server/index.mjs', text: 'x' }]), 'has no manifest.json'],
    ['a manifest without end', () => bundle({ description: 'x'.repeat(1024 * 1024) }), 'which is larger than'],
    ['no archive', () => Buffer.from('PK but nothing else'), 'is no archive'],
    ['an archive that was cut off', () => bundle().subarray(0, 200), 'is no archive'],
    ['a damaged file', () => Buffer.from(bundle().toString('latin1').replace('// a server', '// a sErver'), 'latin1'), 'is damaged'],
  ])('that holds %s is refused, and nothing of it is kept', async (_, archive, what) => {
    await withCatalog({}, async (test) => {
      await expect(add(test, archive())).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(what) as string });
      expect(kept(test.folder)).toEqual([]);
      expect(existsSync(join(test.folder, 'evil'))).toBe(false);
    });
  });

  it.each<readonly [string, object, string]>([
    ['starts a program of the system by a path', started({ command: '../../../bin/sh', args: [] }), 'no file of its own'],
    ['starts a file that it does not hold', started({ command: 'server/missing', args: [] }), 'does not hold'],
    ['would read the environment', started({ command: 'node', args: ['${env:GITHUB_TOKEN}'] }), '${env:GITHUB_TOKEN}'],
    ['would read a stored secret', started({ command: 'node', args: [], env: { X: '${secret:OPENAI}' } }), '${secret:OPENAI}'],
    ['would read the environment by a default', started({ command: 'node', args: ['${user_config.a}'] }, { a: { type: 'string', default: '${AWS_KEY}' } }), '${AWS_KEY}'],
    ['wants what it does not ask for', started({ command: 'node', args: ['${user_config.b}'] }), '${user_config.b}'],
    ['is of a version to come', { manifest_version: '9.0' }, 'manifest_version'],
    ['says not how it is started', { server: { type: 'magic', entry_point: 'x' } }, 'server.type'],
  ])('whose manifest %s is refused with the reason', async (_, fields, what) => {
    await withCatalog({}, async (test) => {
      await expect(add(test, bundle(fields))).rejects.toMatchObject({ code: 'invalid-config', message: expect.stringContaining(what) as string });
      expect(kept(test.folder)).toEqual([]);
    });
  });

  it('with a signature behind the archive is read, and the signature is not taken for proof', async () => {
    await withCatalog({}, async (test) => {
      const signed = Buffer.concat([bundle(), Buffer.from('MCPB_SIG_V1\0\0\0\0signatureMCPB_SIG_END')]);
      expect((await add(test, signed)).notes.join()).toContain('was not verified');
    });
  });

  it('that a registry names is fetched, and added only where its hash is right', async () => {
    const archive = bundle();
    await using files = await httpSite((_request, response) => void response.end(archive));
    const published = (fileSha256: string | undefined, url = `${files.origin}/notes.mcpb`) => entry(`a.b/notes-${fileSha256?.slice(0, 4) ?? 'none'}`, { packages: [{ registryType: 'mcpb', identifier: url, version: '1.0.0', transport: { type: 'stdio' }, ...(fileSha256 === undefined ? {} : { fileSha256 }) }] });
    const right = sha256Of(archive);
    await using registry = await testRegistry([published(right), published('0'.repeat(64)), published(undefined)]);
    await withCatalog({ local: registry.url }, async ({ catalog, folder, store }) => {
      await catalog.sync();
      const shown: InstallPlan[] = [];
      const addNamed = (name: string) => {
        const found = catalog.find(name);
        return catalog.add(found, { id: 'mcpb', label: '', of: { package: found.entry.server.packages![0]! } }, { confirm: (plan) => Promise.resolve(shown.push(plan) > 0) });
      };
      await expect(addNamed('a.b/notes-0000')).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining(`its SHA-256 is ${right}`) as string });
      await expect(addNamed('a.b/notes-none')).rejects.toMatchObject({ code: 'invalid-output' });
      expect(shown).toEqual([]);
      expect(kept(folder)).toEqual([]);
      expect((await addNamed(`a.b/notes-${right.slice(0, 4)}`)).notes.join()).toContain('that its registry names');
      expect(kept(folder)).toHaveLength(1);
      expect(store.runs({ workspace: folder, limit: 1 }).items[0]).toMatchObject({ state: 'done', source: 'mcp bundle' });
    });
  });
});
