import { win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { grantFor, type Action } from '../../../src/policy/action.ts';
import { parseGrant } from '../../../src/policy/grant.ts';
import { forbidden, granted, run, workspace, type DecisionCase } from './decisions.ts';

const sh = (script: string) => run('sh', '-c', script);

const grants: readonly DecisionCase<Action>[] = [
  ['exec npm test', run('npm', 'test'), 'allow', 'exactly'],
  ['exec  npm   test ', run('npm', 'test'), 'allow', 'space between words does not count'],
  ['exec npm test', run('npm', 'test', '--', '-u'), 'deny', 'more words'],
  ['exec npm test', run('npm'), 'deny', 'fewer words'],
  ['exec npm test', run('npm', 'tests'), 'deny', 'a longer word'],
  ['exec npm test', run('npm test'), 'deny', 'one word with a space in it'],
  ['exec npm test', run('npm', 'test '), 'deny', 'a space in the word'],
  ['exec npm test', run('npm', ' test'), 'deny', 'a space in the word'],
  ['exec npm test', run('npm', 'test\n'), 'deny', 'a line break in the word'],
  ['exec npm test', run('npm', '', 'test'), 'deny', 'an empty word'],
  ['exec npm test', run('npm', 'Test'), 'deny', 'letter case'],
  ['exec npm test', run('NPM', 'test'), 'deny', 'letter case of the program'],
  ['exec npm test', run('npmx', 'test'), 'deny', 'a longer program'],
  ['exec npm test', run('./npm', 'test'), 'deny', 'a program in the workspace'],
  ['exec npm test', run('/tmp/npm', 'test'), 'deny', 'a program of that name elsewhere'],
  ['exec npm test', run('/usr/bin/npm', 'test'), 'deny', 'a path is not the name'],
  ['exec /usr/bin/npm test', run('/usr/bin/npm', 'test'), 'allow', 'the path that is named'],
  ['exec /usr/bin/npm test', run('npm', 'test'), 'deny', 'the name is not the path'],
  ['exec /usr/bin/npm test', run('/usr/bin/../bin/npm', 'test'), 'allow', 'the same file'],
  ['exec /usr/bin/npm test', run('/usr/bin/npm/../../evil', 'test'), 'deny', 'another file'],
  ['exec ./build.sh', { kind: 'exec', argv: ['./build.sh'], cwd: workspace }, 'allow', 'relative to the workspace'],
  ['exec ./build.sh', { kind: 'exec', argv: ['./build.sh'], cwd: `${workspace}/evil` }, 'deny', 'the same words in another folder are another program'],
  ['exec ./build.sh', { kind: 'exec', argv: ['../build.sh'], cwd: `${workspace}/packages` }, 'allow', 'the same program from another folder'],
  ['exec npm', run(), 'deny', 'no program at all'],
  ['exec npm test', run('A=b', 'npm', 'test'), 'deny', 'a variable is no program'],
  ['exec npm test', run('env', 'npm', 'test'), 'deny', 'a program that starts it'],
  ['exec npm test', sh('npm test'), 'deny', 'a shell that starts it'],
  ['exec npm test', run('npm', 'test;', 'rm'), 'deny', 'no shell, so a ; is a letter'],
  ['exec npm test', run('npm', 'test', '&&', 'rm'), 'deny', 'no shell, so && is a word'],
  ['exec npm test', run('npm', 'test', '$(rm)'), 'deny', 'no shell, so $() is a word'],
  ['exec npm test', run('npm', 'test', '`rm`'), 'deny', 'no shell, so backticks are letters'],
  ['exec npm test', run('npm', 'test', '|', 'sh'), 'deny', 'no shell, so | is a word'],
  ['exec npm test', run('npm', 'test', '\n', 'rm'), 'deny', 'no shell, so a line break is a word'],
  // Wildcards.
  ['exec npm test **', run('npm', 'test'), 'allow', 'none'],
  ['exec npm test **', run('npm', 'test', '--', '-t', 'x'), 'allow', 'any further words'],
  ['exec npm test **', run('npm', 'tests'), 'deny', 'whole words'],
  ['exec npm test **', run('npm', 'run', 'test'), 'deny', 'from the beginning'],
  ['exec npm test **', run('npm', '--silent', 'test'), 'deny', 'from the beginning'],
  ['exec npm run *', run('npm', 'run', 'build'), 'allow', 'one word'],
  ['exec npm run *', run('npm', 'run'), 'deny', 'exactly one word'],
  ['exec npm run *', run('npm', 'run', 'build', 'x'), 'deny', 'exactly one word'],
  ['exec npm run * **', run('npm', 'run', 'build', 'x'), 'allow', 'one word and any further'],
  ['exec npm run "*"', run('npm', 'run', '*'), 'allow', 'a quoted star is a star'],
  ['exec npm run "*"', run('npm', 'run', 'x'), 'deny', 'a quoted star is a star'],
  ["exec echo '**'", run('echo', 'a', 'b'), 'deny', 'a quoted star is a star'],
  ['exec echo **', run('echo', '$(id)', '; rm', '`x`', 'a\nb'), 'allow', 'words stay words'],
  ['exec npm *', run('npm', ''), 'allow', 'an empty word is a word'],
  // Quotes.
  ['exec node -e "console.log(1)"', run('node', '-e', 'console.log(1)'), 'allow', 'a JSON string'],
  ['exec node -e "a\\nb"', run('node', '-e', 'a\nb'), 'allow', 'with escapes'],
  ["exec node -e 'a\\nb'", run('node', '-e', 'a\\nb'), 'allow', 'as it stands'],
  ['exec "npm" test', run('npm', 'test'), 'allow', 'quotes that are not needed'],
  ['exec grep "a b" x', run('grep', 'a', 'b', 'x'), 'deny', 'one word'],
  ['exec grep "a b" x', run('grep', 'a b', 'x'), 'allow', 'one word'],
  ['exec x ""', run('x', ''), 'allow', 'an empty word'],
  ['exec C:\\tools\\x.exe -a', run('C:\\tools\\x.exe', '-a'), 'allow', 'backslashes are letters'],
  // What makes a program run or load something else must be named.
  ['exec git **', run('git', 'status'), 'allow', 'plain'],
  ['exec git **', run('git', 'commit', '-m', '-c is fine here'), 'allow', 'words of a subcommand'],
  ['exec git **', run('git', '-c', 'core.hooksPath=/tmp/x', 'commit'), 'deny', 'hooks from elsewhere'],
  ['exec git **', run('git', '-c', 'alias.x=!sh', 'x'), 'deny', 'an alias that is a command'],
  ['exec git **', run('git', '--no-pager', '-c', 'core.pager=sh', 'log'), 'deny', 'after another option'],
  ['exec git **', run('git', '-C', '/tmp/evil', 'status'), 'deny', 'the settings of another folder'],
  ['exec git **', run('git', '--exec-path=/tmp/evil', 'status'), 'deny', 'other programs'],
  ['exec git **', run('git', '--git-dir=/tmp/evil', 'status'), 'deny', 'other settings'],
  ['exec git **', run('git', 'config', 'core.hooksPath', '/tmp'), 'deny', 'settings'],
  ['exec git **', run('git', 'clone', 'ext::sh -c id'), 'deny', 'a transport that is a command'],
  ['exec git **', run('git', 'fetch', '--upload-pack=id', 'x'), 'deny', 'a command at the other end'],
  ['exec git **', run('git', 'fetch', '--upl=id', 'x'), 'deny', 'cut short'],
  ['exec git **', run('git', 'rebase', '-x', 'id'), 'deny', 'a command for each commit'],
  ['exec git **', run('git', 'submodule', 'foreach', 'id'), 'deny', 'a command for each module'],
  ['exec git **', run('git', '--version'), 'allow', 'harmless'],
  ['exec git commit **', run('git', 'commit', '-c', 'HEAD'), 'allow', 'the same letters after the subcommand'],
  ['exec git -c user.name=x commit', run('git', '-c', 'user.name=x', 'commit'), 'allow', 'named'],
  ['exec git -c user.name=x **', run('git', '-c', 'user.name=x', '-c', 'alias.x=!sh', 'x'), 'deny', 'named one, not the other'],
  ['exec /usr/bin/git **', run('/usr/bin/git', '-c', 'alias.x=!sh', 'x'), 'deny', 'by its path'],
  ['exec git.exe **', run('git.exe', '-c', 'alias.x=!sh', 'x'), 'deny', 'with its ending'],
  ['exec find **', run('find', '.', '-name', 'x'), 'allow', 'plain'],
  ['exec find **', run('find', '.', '-exec', 'rm', '{}', ';'), 'deny', 'a command'],
  ['exec find **', run('find', '.', '-execdir', 'rm'), 'deny', 'a command'],
  ['exec find **', run('find', '.', '-ok', 'rm'), 'deny', 'a command'],
  ['exec find **', run('find', '.', '-delete'), 'deny', 'removes files'],
  ['exec find **', run('find', '.', '-fprintf', 'x', 'y'), 'deny', 'writes a file'],
  ['exec find . -exec **', run('find', '.', '-exec', 'rm', '{}'), 'allow', 'named'],
  ['exec tar **', run('tar', '-xf', 'a.tar'), 'allow', 'plain'],
  ['exec tar **', run('tar', '-xf', 'a', '--checkpoint-action=exec=sh'), 'deny', 'a command'],
  ['exec tar **', run('tar', '-xf', 'a', '--checkpoint-act=exec=sh'), 'deny', 'cut short'],
  ['exec tar **', run('tar', '-xf', 'a', '--to-command=sh'), 'deny', 'a command'],
  ['exec tar **', run('tar', '-cf', 'a', '-I', 'sh x'), 'deny', 'a command'],
  ['exec tar **', run('tar', '-cIf', 'sh', 'a'), 'deny', 'among other letters'],
  ['exec rsync **', run('rsync', '-e', 'sh', 'a', 'b'), 'deny', 'a command'],
  ['exec ssh **', run('ssh', '-oProxyCommand=id', 'x'), 'deny', 'a command'],
  ['exec node **', run('node', 'build.js', '-e', 'x'), 'allow', 'the words of a script'],
  ['exec node **', run('node', '-e', 'x'), 'deny', 'a program on the command line'],
  ['exec node **', run('node', '--eval=x'), 'deny', 'a program on the command line'],
  ['exec node **', run('node', '-r', './x.js', 'build.js'), 'deny', 'loads a file'],
  ['exec node **', run('node', '--import', './x.js', 'build.js'), 'deny', 'loads a file'],
  ['exec node **', run('node', '--title', 'x', '-e', 'y'), 'deny', 'after the value of another option'],
  ['exec node build.js **', run('node', 'build.js', '-e', 'x'), 'allow', 'the words of a script'],
  ['exec node -e **', run('node', '-e', 'x'), 'allow', 'named'],
  ['exec python3 **', run('python3', '-c', 'x'), 'deny', 'a program on the command line'],
  ['exec python3.12 **', run('python3.12', '-c', 'x'), 'deny', 'with a version'],
  ['exec sh **', sh('id'), 'deny', 'a command'],
  ['exec sh **', run('sh', '-ec', 'id'), 'deny', 'among other letters'],
  ['exec cmd **', run('cmd', '/c', 'del'), 'deny', 'a command'],
  ['exec npx **', run('npx', 'evil'), 'deny', 'any package there is'],
  ['exec npx **', run('npx', '-y', 'evil'), 'deny', 'any package there is'],
  ['exec npx tsc **', run('npx', 'tsc', '--noEmit'), 'allow', 'the package is named'],
  ['exec npx *', run('npx', 'evil'), 'deny', 'one word, any package'],
  ['exec npm **', run('npm', 'ci'), 'allow', 'plain'],
  ['exec npm **', run('npm', 'exec', 'evil'), 'deny', 'any package there is'],
  ['exec npm **', run('npm', 'x', 'evil'), 'deny', 'its short name'],
  ['exec npm **', run('npm', '--silent', 'exec', 'evil'), 'deny', 'after an option'],
  ['exec npm **', run('npm', 'init', 'evil'), 'deny', 'runs a package'],
  ['exec npm **', run('npm', 'config', 'set', 'script-shell', 'x'), 'deny', 'settings'],
  ['exec npm test **', run('npm', 'test', '--script-shell=/tmp/x'), 'deny', 'another shell'],
  ['exec npm test **', run('npm', 'test', '--prefix', '/tmp/x'), 'deny', 'another package'],
  ['exec npm test **', run('npm', 'test', '--', '--config', '/tmp/x.js'), 'deny', 'settings that are code'],
  ['exec vitest **', run('vitest', '-c', 'x.ts'), 'deny', 'settings that are code'],
  ['exec eslint **', run('eslint', '--config=x.js', '.'), 'deny', 'settings that are code'],
  ['exec eslint **', run('eslint', 'src', '--fix'), 'allow', 'plain'],
  ['exec wc **', run('wc', '-c', 'x'), 'allow', 'the same letter means something else'],
  ['exec env **', run('env', 'evil'), 'deny', 'a program'],
  ['exec env **', run('env', 'A=b', 'evil'), 'deny', 'a program after a variable'],
  ['exec env A=b **', run('env', 'A=b', 'evil'), 'deny', 'a program after a variable that is named'],
  ['exec env A=b npm **', run('env', 'A=b', 'npm', 'test'), 'allow', 'the program is named'],
  ['exec xargs **', run('xargs', '-0', 'rm'), 'deny', 'a program'],
  ['exec sudo **', run('sudo', 'rm'), 'deny', 'a program'],
  ['exec make **', run('make', 'all'), 'allow', 'plain'],
  ['exec make **', run('make', 'SHELL=/tmp/x'), 'deny', 'another shell'],
  ['exec make **', run('make', '-f', '/tmp/x'), 'deny', 'another file'],
  ['exec **', run('ls', '-l'), 'allow', 'any program, because it says so'],
  ['exec **', run('git', '-c', 'alias.x=!sh', 'x'), 'deny', 'but not through another one'],
];

const denials: readonly DecisionCase<Action>[] = [
  ['exec git push', run('git', 'push'), 'deny', 'as written'],
  ['exec git push', run('git', 'push', '--force'), 'deny', 'whatever follows'],
  ['exec git push', run('git', 'pushd'), 'allow', 'whole words'],
  ['exec git push', run('git'), 'allow', 'fewer words'],
  ['exec rm', run('rm', '-rf', '/'), 'deny', 'whatever follows'],
  ['exec rm', run('/bin/rm', 'x'), 'deny', 'wherever it lies'],
  ['exec rm', run('RM.EXE', 'x'), 'deny', 'letter case and ending'],
  ['exec rm', run('../../bin/rm', 'x'), 'deny', 'wherever it lies'],
  ['exec rm', run('rmdir', 'x'), 'allow', 'a longer name'],
  ['exec /bin/rm', run('rm', 'x'), 'deny', 'the name stands for the path too'],
  ['exec **', run('ls'), 'deny', 'any program'],
  ['exec git * --force', run('git', 'push', '--force', 'x'), 'deny', 'one word between'],
  ['exec git -c **', run('git', '-c', 'x=y'), 'deny', 'options too'],
];

const named: readonly DecisionCase<Action>[] = [
  ['mcp github:list', { kind: 'mcp', server: 'github', tool: 'list' }, 'allow', 'exactly'],
  ['mcp github:list', { kind: 'mcp', server: 'github', tool: 'list_all' }, 'deny', 'a longer name'],
  ['mcp github:list', { kind: 'mcp', server: 'github', tool: 'List' }, 'deny', 'letter case'],
  ['mcp github:list', { kind: 'mcp', server: 'GitHub', tool: 'list' }, 'deny', 'letter case'],
  ['mcp github:*', { kind: 'mcp', server: 'github', tool: 'anything' }, 'allow', 'every tool'],
  ['mcp github:*', { kind: 'mcp', server: 'github2', tool: 'list' }, 'deny', 'a longer name'],
  ['mcp github:*', { kind: 'mcp', server: 'g\u0456thub', tool: 'list' }, 'deny', 'a letter that looks alike'],
  ['mcp github:*', { kind: 'mcp', server: 'github ', tool: 'list' }, 'deny', 'a space'],
  ['mcp github:*', { kind: 'mcp', server: 'github:x', tool: 'list' }, 'deny', 'a colon in the name of a server'],
  ['mcp github:a:b', { kind: 'mcp', server: 'github', tool: 'a:b' }, 'allow', 'a colon in the name of a tool'],
  ['mcp github:a:b', { kind: 'mcp', server: 'github:a', tool: 'b' }, 'deny', 'only the first colon parts'],
  ['mcp github:list all', { kind: 'mcp', server: 'github', tool: 'list all' }, 'allow', 'a space in the name of a tool'],
  ['mcp github:list', { kind: 'mcp', server: 'github', tool: 'list all' }, 'deny', 'a space in the name of a tool'],
  ['mcp github:list', { kind: 'mcp', server: 'github', tool: '*' }, 'deny', 'a tool that is called *'],
  ['mcp github:list', { kind: 'exec', argv: ['github:list'], cwd: workspace }, 'deny', 'another kind'],
  ['model', { kind: 'model', model: 'any' }, 'allow', 'any model'],
  ['model *', { kind: 'model', model: 'any' }, 'allow', 'any model'],
  ['model gpt', { kind: 'model', model: 'gpt-5' }, 'deny', 'a longer name'],
  ['secret API_KEY', { kind: 'secret', name: 'API_KEY' }, 'allow', 'exactly'],
  ['secret API_KEY', { kind: 'secret', name: 'api_key' }, 'deny', 'letter case'],
  ['secret API_KEY', { kind: 'secret', name: 'API_KEY_2' }, 'deny', 'a longer name'],
  ['secret *', { kind: 'secret', name: 'API_KEY' }, 'allow', 'every secret, because it says so'],
  ['browser', { kind: 'browser' }, 'allow', 'a browser'],
  ['browser', { kind: 'clock' }, 'deny', 'another kind'],
  ['clock', { kind: 'random' }, 'deny', 'another kind'],
];

const longer = (action: Action): Action => (action.kind === 'exec' ? { ...action, argv: [...action.argv, 'more'] } : action);

describe('one command grant decides', () => {
  it.each(grants)('%s: %o is %s (%s)', (text, action, effect) => expect(granted(text, action)).toBe(effect));
  it.each(denials)('as a rule that denies %s: %o is %s (%s)', (text, action, effect) => expect(forbidden(text, action)).toBe(effect));
  it('on Windows too, where a program is given by its path', () => {
    const action: Action = { kind: 'exec', argv: ['C:\\tools\\x.exe', 'a'], cwd: 'C:\\Users\\ada\\shop' };
    expect(granted('exec C:/tools/x.exe a', action, win32)).toBe('allow');
    expect(granted('exec C:/tools2/x.exe a', action, win32)).toBe('deny');
  });
  it.each(grants.filter(([, action]) => action.kind === 'exec' && action.argv.length > 0))('%s: what is said to allow %o does, and only it', (_text, action) => {
    expect(granted(grantFor(action, workspace), action)).toBe('allow');
    expect(granted(grantFor(action, workspace), longer(action))).toBe('deny');
  });
});

describe('one grant of a name decides', () => {
  it.each(named)('%s: %o is %s (%s)', (text, action, effect) => expect(granted(text, action)).toBe(effect));
});

describe('a grant is refused', () => {
  it.each([
    'exec', 'exec npm test; rm', 'exec npm test && rm', 'exec npm test | sh', 'exec npm $(id)', 'exec npm `id`', 'exec npm > x', 'exec npm "test', "exec npm 'test", 'exec npm te"st"', 'exec npm test*', 'exec npm ** test', 'exec A=b npm test', 'exec npm "\\q"', 'exec npm\ntest',
    'mcp', 'mcp github', 'mcp :x', 'mcp github:', 'mcp *:*', 'mcp git*:x', 'mcp github:get_*', 'mcp github: list', 'secret', 'secret A*', 'secret A B', 'model gpt*', 'browser https://a.example', 'clock x', 'teleport', '', '   ', 'net\u00a0', 'execnpm test',
  ])('%j, which would not do what it seems to', (text) => expect(() => parseGrant(text, workspace)).toThrow(expect.objectContaining({ code: 'invalid-grant', hint: expect.any(String) })));
});
