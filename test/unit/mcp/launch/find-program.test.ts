import { describe, expect, it } from 'vitest';
import { findProgram, type ProgramPlaces } from '../../../../src/mcp/launch/find-program.ts';

function machine(platform: NodeJS.Platform, files: readonly string[], env: Readonly<Record<string, string>> = {}): ProgramPlaces {
  const windows = platform === 'win32';
  const same = (a: string, b: string) => (windows ? a.toLowerCase() === b.toLowerCase() : a === b);
  const separator = windows ? '\\' : '/';
  return {
    platform, home: windows ? 'C:\\Users\\me' : '/home/me', env: (name) => env[name],
    isFile: (path) => files.some((file) => same(file, path)),
    namesIn: (folder) => [...new Set(files.filter((file) => file.startsWith(`${folder}${separator}`)).map((file) => file.slice(folder.length + 1).split(separator)[0]!))],
  };
}

describe('a program on macOS and Linux', () => {
  const find = (command: string, files: readonly string[], path = '/usr/bin:/bin', platform: NodeJS.Platform = 'darwin') => findProgram(command, { cwd: '/work', path }, machine(platform, files));

  it('is the first of its name in the PATH, whatever else there is', () => {
    expect(find('npx', ['/usr/bin/npx', '/opt/homebrew/bin/npx'])).toEqual({ file: '/usr/bin/npx', path: '/usr/bin:/bin' });
  });

  it('is looked for where it is usually installed when the PATH is the short one of the system, and its folder joins the PATH at the end', () => {
    expect(find('npx', ['/opt/homebrew/bin/npx'])).toEqual({ file: '/opt/homebrew/bin/npx', path: '/usr/bin:/bin:/opt/homebrew/bin' });
    expect(find('uvx', ['/home/me/.local/bin/uvx'], '/usr/bin', 'linux').path).toBe('/usr/bin:/home/me/.local/bin');
    expect(find('uvx', ['/home/me/.cargo/bin/uvx'], '', 'linux').path).toBe('/home/me/.cargo/bin');
  });

  it('is the newest of those that a version manager keeps', () => {
    const versions = ['v9.0.0', 'v22.1.0', 'v22.15.0'].map((version) => `/home/me/.nvm/versions/node/${version}/bin/npx`);
    expect(find('npx', versions).file).toBe('/home/me/.nvm/versions/node/v22.15.0/bin/npx');
  });

  it('with a folder in its name is meant from the working directory, and looked for nowhere else', () => {
    expect(find('./server', ['/work/server', '/usr/local/bin/server']).file).toBe('/work/server');
    expect(find('bin/npx', ['/usr/local/bin/npx'])).toEqual({ file: undefined, path: '/usr/bin:/bin' });
    expect(find('/opt/homebrew/bin/npx', ['/opt/homebrew/bin/npx'])).toEqual({ file: '/opt/homebrew/bin/npx', path: '/usr/bin:/bin' });
  });

  it('that is nowhere leaves the PATH as it is', () => {
    expect(find('nothing', [])).toEqual({ file: undefined, path: '/usr/bin:/bin' });
  });
});

describe('a program on Windows', () => {
  const find = (command: string, files: readonly string[], env: Readonly<Record<string, string>> = {}) => findProgram(command, { cwd: 'C:\\work', path: 'C:\\Windows\\System32;C:\\tools' }, machine('win32', files, env));

  it('has an ending of PATHEXT, in the order that stands there', () => {
    expect(find('npx', ['C:\\tools\\npx', 'C:\\tools\\npx.cmd']).file).toBe('C:\\tools\\npx.CMD');
    expect(find('npx', ['C:\\tools\\npx.exe', 'C:\\tools\\npx.cmd']).file).toBe('C:\\tools\\npx.EXE');
    expect(find('npx', ['C:\\tools\\npx.exe', 'C:\\tools\\npx.cmd'], { PATHEXT: '.CMD;.EXE' }).file).toBe('C:\\tools\\npx.CMD');
    expect(find('npx.cmd', ['C:\\tools\\npx.cmd']).file).toBe('C:\\tools\\npx.cmd');
  });

  it('is looked for where Node, Python and package managers put it', () => {
    expect(find('npx', ['C:\\Program Files\\nodejs\\npx.cmd'])).toEqual({ file: 'C:\\Program Files\\nodejs\\npx.CMD', path: 'C:\\Windows\\System32;C:\\tools;C:\\Program Files\\nodejs' });
    expect(find('npx', ['D:\\Programs\\nodejs\\npx.cmd'], { PROGRAMFILES: 'D:\\Programs' }).file).toBe('D:\\Programs\\nodejs\\npx.CMD');
    expect(find('uvx', ['C:\\Users\\me\\.local\\bin\\uvx.exe']).file).toBe('C:\\Users\\me\\.local\\bin\\uvx.EXE');
    expect(find('python', ['C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python39\\python.exe', 'C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python313\\python.exe']).file).toBe('C:\\Users\\me\\AppData\\Local\\Programs\\Python\\Python313\\python.EXE');
  });

  it('with a drive or a folder in its name is looked for there only', () => {
    expect(find('C:\\apps\\server', ['C:\\apps\\server.exe']).file).toBe('C:\\apps\\server.EXE');
    expect(find('apps\\server.exe', ['C:\\work\\apps\\server.exe']).file).toBe('C:\\work\\apps\\server.exe');
    expect(find('apps/npx', ['C:\\tools\\npx.cmd']).file).toBeUndefined();
  });
});
