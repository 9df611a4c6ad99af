import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/policy/action.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import { networkShare, spellingProblem } from '../../../src/policy/path-spelling.ts';
import { forbidden, granted, read, windowsWorkspace, workspace, write, type DecisionCase } from './decisions.ts';

const at = (path: string) => `${workspace}/${path}`;

const grants: readonly DecisionCase<Action>[] = [
  ['fs.read src/**', read(at('src/a.ts')), 'allow', 'a file below'],
  ['fs.read src/**', read(at('src/a/b/c.ts')), 'allow', 'any depth'],
  ['fs.read src/**', read(at('src')), 'allow', 'the folder itself'],
  ['fs.read src/**', read(at('src2/a.ts')), 'deny', 'a longer name is another folder'],
  ['fs.read src/**', read(at('src-other')), 'deny', 'a longer name is another folder'],
  ['fs.read src/**', read(at('lib/src/a.ts')), 'deny', 'the same name elsewhere'],
  ['fs.read src/**', read(workspace), 'deny', 'the folder above'],
  ['fs.read src/**', read('/src/a.ts'), 'deny', 'the same name at the root'],
  ['fs.read src/**', write(at('src/a.ts')), 'deny', 'reading is not writing'],
  ['fs.write src/**', read(at('src/a.ts')), 'deny', 'writing is not reading'],
  ['fs.read src/*', read(at('src/a.ts')), 'allow', 'one name'],
  ['fs.read src/*', read(at('src/a/b.ts')), 'deny', 'one name only'],
  ['fs.read src/*', read(at('src')), 'deny', 'the names in it, not the folder'],
  ['fs.read src/', read(at('src')), 'allow', 'a separator at the end means nothing'],
  ['fs.read src/', read(at('src/a.ts')), 'deny', 'a folder without stars is the folder alone'],
  ['fs.read src', read(at('src/a.ts')), 'deny', 'a folder without stars is the folder alone'],
  ['fs.read a.md', read(at('a.md')), 'allow', 'exactly'],
  ['fs.read a.md', read(at('a.md.bak')), 'deny', 'a longer name'],
  ['fs.read a.md', read(at('a.m')), 'deny', 'a shorter name'],
  ['fs.read a.md', read(at('a.md/b')), 'deny', 'below a file'],
  ['fs.read ./src/**', read(at('src/a.ts')), 'allow', 'a dot in the grant'],
  ['fs.read src/./**', read(at('src/a.ts')), 'allow', 'a dot in the grant'],
  ['fs.read src//**', read(at('src/a.ts')), 'allow', 'two separators in the grant'],
  ['fs.read src/../lib/**', read(at('lib/a.ts')), 'allow', 'two dots in the grant are what they say'],
  ['fs.read src/../lib/**', read(at('src/a.ts')), 'deny', 'two dots in the grant are what they say'],
  ['fs.read src/../../**', read('/home/ada/other'), 'allow', 'out of the workspace, because it says so'],
  ['fs.read src/../../**', read('/home/bob/x'), 'deny', 'but not further'],
  ['fs.read ..', read('/home/ada'), 'allow', 'the folder above, alone'],
  ['fs.read ..', read('/home/ada/x'), 'deny', 'the folder above, alone'],
  ['fs.read .', read(workspace), 'allow', 'the workspace itself'],
  ['fs.read .', read(at('a')), 'deny', 'the workspace itself, alone'],
  ['fs.read **', read(at('a')), 'allow', 'everything in the workspace'],
  ['fs.read **', read('/home/ada/shop-other/a'), 'deny', 'a neighbour with a longer name'],
  ['fs.read **', read('/etc/passwd'), 'deny', 'outside'],
  ['fs.read *', read(at('a')), 'allow', 'names in the workspace'],
  ['fs.read *', read(at('a/b')), 'deny', 'names in the workspace'],
  ['fs.read /**', read('/etc/passwd'), 'allow', 'the whole file system, because it says so'],
  ['fs.read /*', read('/etc/passwd'), 'deny', 'names in the root'],
  ['fs.read /', read('/etc'), 'deny', 'the root alone'],
  ['fs.read src/**', read(at('SRC/a.ts')), 'deny', 'letter case counts for what allows'],
  ['fs.read caf\u00e9/**', read(at('caf\u00e9/a')), 'allow', 'composed'],
  ['fs.read caf\u00e9/**', read(at('cafe\u0301/a')), 'deny', 'Unicode form counts for what allows'],
  ['fs.read a\\b', read(at('a/b')), 'deny', 'a backslash is a letter here'],
  ['fs.read [id]/**', read(at('[id]/page.tsx')), 'allow', 'brackets are letters'],
  ['fs.read [id]/**', read(at('i/page.tsx')), 'deny', 'brackets are letters'],
  ['fs.read a b.md', read(at('a b.md')), 'allow', 'a space is a letter'],
  ['fs.read a.md ', read(at('a.md')), 'allow', 'space around the grant does not count'],
  ['fs.read a?', read(at('ab')), 'deny', 'a question mark is a letter'],
  ['fs.read {a,b}', read(at('a')), 'deny', 'braces are letters'],
  // Protected: what makes other programs run, says what is allowed, or holds keys.
  ['fs.write **', write(at('.git/hooks/pre-commit')), 'deny', 'a hook'],
  ['fs.write **', write(at('.GIT/hooks/pre-commit')), 'deny', 'a hook on a disk without letter case'],
  ['fs.write **', write(at('.G\u0131T/config')), 'deny', 'a letter that becomes another in upper case'],
  ['fs.write **', write(at('.v\u017fcode/tasks.json')), 'deny', 'a long s is an s to some disks'],
  ['fs.write **', write(at('.a\u017f\u017fa\u017f\u017fin/chains/x.ts')), 'deny', 'our own settings, spelled so'],
  ['fs.write **', write(at('shop.CODE-WORK\u017fPACE')), 'deny', 'a file of settings, spelled so'],
  ['fs.read **', read(at('.\u212aube/config')), 'deny', 'a Kelvin sign is a k to some disks'],
  ['fs.read **', read(at('id_r\u017fa')), 'deny', 'a key, spelled so'],
  ['fs.write **', write(at('.g\u200cit/config')), 'deny', 'a letter that old Mac disks do not see'],
  ['fs.write **', write(at('.git /config')), 'deny', 'a space that Windows drops'],
  ['fs.write **', write(at('.git./config')), 'deny', 'a dot that Windows drops'],
  ['fs.write **', write(at('.git::$INDEX_ALLOCATION/config')), 'deny', 'a stream that is the folder'],
  ['fs.write **', write(at('GIT~1/config')), 'deny', 'the short name of .git'],
  ['fs.write **', write(at('packages/a/.git/config')), 'deny', 'deeper'],
  ['fs.write **', write(at('.git')), 'deny', 'a file in place of the folder'],
  ['fs.write **', write(at('.vscode/tasks.json')), 'deny', 'tasks'],
  ['fs.write **', write(at('.assassin/chains/x.ts')), 'deny', 'a chain with grants of its own'],
  ['fs.write **', write(at('.github/workflows/x.yml')), 'deny', 'a pipeline'],
  ['fs.write **', write(at('.husky/pre-push')), 'deny', 'a hook'],
  ['fs.write **', write(at('.mcp.json')), 'deny', 'a server'],
  ['fs.write **', write(at('.envrc')), 'deny', 'a start-up file'],
  ['fs.write **', write(at('.gitattributes')), 'deny', 'filters'],
  ['fs.write **', write(at('shop.code-workspace')), 'deny', 'settings'],
  ['fs.write **', write(at('.gitignore')), 'allow', 'harmless'],
  ['fs.write **', write(at('git/hooks')), 'allow', 'another name'],
  ['fs.write .git/**', write(at('.git/hooks/pre-commit')), 'allow', 'named'],
  ['fs.write .git/hooks/*', write(at('.git/hooks/pre-commit')), 'allow', 'named'],
  ['fs.write .git/**', write(at('.git/modules/x/.vscode/tasks.json')), 'deny', 'named one, not the other'],
  ['fs.write /home/**', write('/home/ada/.bashrc'), 'deny', 'a start-up file'],
  ['fs.write /home/**', write('/home/ada/.ssh/authorized_keys'), 'deny', 'keys'],
  ['fs.read **', read(at('.git/HEAD')), 'allow', 'reading it runs nothing'],
  ['fs.read **', read(at('.env')), 'deny', 'holds keys'],
  ['fs.read **', read(at('.ENV')), 'deny', 'holds keys on a disk without letter case'],
  ['fs.read **', read(at('.env.production')), 'deny', 'holds keys'],
  ['fs.read **', read(at('.env.example')), 'allow', 'holds none'],
  ['fs.read .env', read(at('.env')), 'allow', 'named'],
  ['fs.read /home/**', read('/home/ada/.ssh/id_ed25519'), 'deny', 'holds keys'],
  ['fs.read /home/ada/.ssh/id_ed25519', read('/home/ada/.ssh/id_ed25519'), 'allow', 'named'],
  ['fs.read /**', read('/proc/self/environ'), 'deny', 'our own environment'],
  ['fs.read /**', read('/proc/1234/mem'), 'deny', 'the memory of a process'],
  ['fs.read /**', read('/sys/kernel/x'), 'deny', 'the kernel'],
  ['fs.read /**', read('/dev/fd/3'), 'deny', 'an open file of ours'],
  ['fs.write /**', write('/dev/sda'), 'deny', 'a disk'],
  ['fs.write /**', write('/proc/sysrq-trigger'), 'deny', 'the kernel'],
  ['fs.read /proc/**', read('/proc/cpuinfo'), 'allow', 'named'],
  ['fs.read /proc/cpuinfo', read('/proc/self/environ'), 'deny', 'another'],
  ['fs.read /**', read('/processes/x'), 'allow', 'a longer name'],
];

const windows: readonly DecisionCase<Action>[] = [
  ['fs.read src/**', read('C:\\Users\\ada\\shop\\src\\a.ts'), 'allow', 'forward slashes in the grant'],
  ['fs.read src\\**', read('C:\\Users\\ada\\shop\\src\\a.ts'), 'allow', 'backslashes in the grant'],
  ['fs.read src\\*', read('C:\\Users\\ada\\shop\\src\\a\\b.ts'), 'deny', 'one name only'],
  ['fs.read src/**', read('C:\\Users\\ada\\shop\\src2\\a.ts'), 'deny', 'a longer name'],
  ['fs.read src/**', read('D:\\Users\\ada\\shop\\src\\a.ts'), 'deny', 'another drive'],
  ['fs.read c:/data/**', read('C:\\data\\x'), 'allow', 'a drive has no letter case'],
  ['fs.read C:\\**', read('C:\\Windows\\x'), 'allow', 'the whole drive'],
  ['fs.read C:\\**', read('D:\\x'), 'deny', 'not the next drive'],
  ['fs.read \\data\\**', read('C:\\data\\x'), 'allow', 'the drive of the workspace'],
  ['fs.read \\\\nas\\share\\**', read('\\\\nas\\share\\x'), 'allow', 'a share that is named'],
  ['fs.read \\\\nas\\share\\**', read('\\\\nas\\share2\\x'), 'deny', 'another share'],
  ['fs.read \\\\nas\\share\\**', read('\\\\evil\\share\\x'), 'deny', 'another server'],
  ['fs.read C:\\**', read('\\\\nas\\share\\x'), 'deny', 'a share is on no drive'],
  ['fs.write **', write('C:\\Users\\ada\\shop\\.git\\hooks\\x'), 'deny', 'a hook'],
  ['fs.write **', write('C:\\Users\\ada\\shop\\GIT~1\\hooks\\x'), 'deny', 'its short name'],
  ['fs.write .git/**', write('C:\\Users\\ada\\shop\\.git\\hooks\\x'), 'allow', 'named'],
];

const denials: readonly DecisionCase<Action>[] = [
  ['fs.write secrets/**', write(at('secrets/a')), 'deny', 'as written'],
  ['fs.write secrets/**', write(at('SECRETS/a')), 'deny', 'there may be no letter case'],
  ['fs.write secrets/**', write(at('\u017fecrets/a')), 'deny', 'a long s is an s to some disks'],
  ['fs.read caf\u00e9/**', read(at('cafe\u0301/a')), 'deny', 'Unicode form does not count for what forbids'],
  ['fs.read cafe\u0301/**', read(at('caf\u00e9/a')), 'deny', 'Unicode form does not count for what forbids'],
  ['fs.write secrets/**', write(at('secrets2/a')), 'allow', 'a longer name is another folder'],
  ['fs.write secrets', write(at('secrets/a')), 'allow', 'the folder alone'],
  ['fs.write **', write(at('.git/config')), 'deny', 'broad denials reach protected paths'],
  ['fs.read /proc/**', read('/proc/self/environ'), 'deny', 'named'],
];

describe('one path grant decides', () => {
  it.each(grants)('%s: %o is %s (%s)', (text, action, effect) => expect(granted(text, action)).toBe(effect));
  it.each(windows)('on Windows %s: %o is %s (%s)', (text, action, effect) => expect(granted(text, action, win32)).toBe(effect));
  it.each(denials)('as a rule that denies %s: %o is %s (%s)', (text, action, effect) => expect(forbidden(text, action)).toBe(effect));
});

describe('a path grant is refused', () => {
  it.each(['fs.read ~/.ssh/**', 'fs.read $HOME/x', 'fs.read ${workspaceFolder}/x', 'fs.read !src/**', 'fs.read src/*/x', 'fs.read *.ts', 'fs.read **/x', 'fs.read a\0b', 'fs.read src/\u202egpj.sh', 'fs.read', 'fs.read ***'])(
    '%j, which would not do what it seems to', (text) => expect(() => parseGrant(text, workspace)).toThrow());
  it.each(['fs.read C:x', 'fs.read a.txt:stream', 'fs.read \\\\.\\pipe\\x', 'fs.read \\\\?\\C:\\x', 'fs.read reports./**', 'fs.read nul', 'fs.write com1.txt'])(
    'on Windows %j', (text) => expect(() => parseGrant(text, windowsWorkspace, { path: win32 })).toThrow());
});

describe('spelling', () => {
  it.each([
    ['', 'win32', 'empty'], ['', 'linux', 'empty'], ['a\0b', 'linux', 'NUL'], ['a.txt:stream', 'win32', 'colon'], ['C:\\a:b', 'win32', 'colon'], ['ab::$DATA', 'win32', 'colon'], ['C:a', 'win32', 'relative'],
    ['a.', 'win32', 'dot or a space'], ['a \\b', 'win32', 'dot or a space'], ['a...\\b', 'win32', 'dot or a space'], ['\\\\?\\C:\\a', 'win32', 'device'], ['\\\\.\\PhysicalDrive0', 'win32', 'device'], ['//./pipe/x', 'win32', 'device'],
    ['NUL', 'win32', 'device'], ['a\\con.txt', 'win32', 'device'], ['COM1', 'win32', 'device'], ['lpt\u00b9', 'win32', 'device'], ['aux .c', 'win32', 'device'],
  ] as const)('%j on %s is no path', (path, platform, reason) => expect(spellingProblem(path, platform)).toContain(reason));
  it.each([['a.', 'linux'], ['a:b', 'linux'], ['nul', 'linux'], ['..\\a', 'win32'], ['.\\a', 'win32'], ['C:\\a', 'win32'], ['C:', 'win32'], ['console.txt', 'win32'], ['PROGRA~1\\a', 'win32'], ['\\\\nas\\share\\a', 'win32']] as const)(
    '%j on %s is one', (path, platform) => expect(spellingProblem(path, platform)).toBeUndefined());
  it.each([['\\\\NAS\\Share\\a', '\\\\nas\\share'], ['//nas/share/a', '\\\\nas\\share'], ['\\\\evil@80\\x\\y', '\\\\evil@80\\x'], ['\\\\nas', '\\\\nas'], ['C:\\a', undefined], ['\\a', undefined]])(
    '%j leads to the share %s', (path, share) => expect(networkShare(path, 'win32')).toBe(share));
});
