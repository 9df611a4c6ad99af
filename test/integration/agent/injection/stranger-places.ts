import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './world.ts';
import { read, type Place } from './place.ts';

const web = /^web http:\/\/127\.0\.0\.1:/;
const answer = (id: string, what: string, serve: NonNullable<Place['serve']>, look = 'return a.body;', rest: Partial<Place> = {}): Place => ({ ...rest, id, what, marks: web, serve, read: ({ site }) => read(`const a = await http.get("${site.origin}/data"); ${look}`) });

const ledger = (place: string, what: string, marks: RegExp, body = 'return mcp.ledger.ledger({});'): Place => ({ id: `mcp-${place}`, what, marks, ledger: place, read: () => read(body) });
const described = (place: string, what: string, call: ReturnType<NonNullable<Place['read']>>, rest: Partial<Place> = {}): Place => ({ ...rest, id: `mcp-${place}`, what, marks: /^mcp ledger:tools\/list$/, ledger: place, read: () => call });
const result = /^mcp ledger:ledger$/;
const search = ['search_tools', { query: 'ledger entries' }] as const;
const describe = ['describe_tools', { names: ['mcp.ledger'] }] as const;

const command = (id: string, what: string, files: NonNullable<Place['files']>, marks = /^command /): Place => ({ id, what, marks, files, read: () => read(`return exec([${JSON.stringify(process.execPath)}, "check.cjs"]);`) });

/** Where strangers' text comes from that is no page: answers of sites and MCP servers, what programs print, files of others. */
export const strangerPlaces: readonly Place[] = [
  answer('http-body', 'the body of an answer', (text, _request, response) => void response.end(`Prices. ${text}`)),
  answer('http-json', 'a field of JSON', (text, _request, response) => void response.end(JSON.stringify({ rows: [{ price: 1, note: text }] })), 'return JSON.parse(a.body).rows[0].note;'),
  answer('http-csv', 'a field of CSV', (text, _request, response) => void response.end(`name,note\nshoe,"${text}"\n`)),
  answer('http-header', 'a header of an answer', (text, _request, response) => void response.writeHead(200, { 'x-note': text }).end('ok'), 'return a.headers;'),
  answer('http-error', 'the body of an error', (text, _request, response) => void response.writeHead(500).end(`Failed. ${text}`), 'return [a.status, a.body];'),
  answer('http-redirect', 'the address that a redirect leads to', (text, request, response) => (request.url === '/data' ? void response.writeHead(302, { location: `/moved?${text.replaceAll(' ', '_')}` }).end() : void response.end('ok')), 'return a.url;', { hinted: false }),
  described('description', 'the description of an MCP tool', search),
  described('parameter', 'the description of a parameter', describe),
  described('enum', 'a value that a parameter may have', describe),
  described('name', 'the name of an MCP tool', search, { hinted: false }),
  ledger('text', 'the result of an MCP tool', result),
  ledger('structured', 'structured content of an MCP tool', result),
  ledger('error', 'the error of an MCP tool', result),
  ledger('failure', 'the failure that an MCP server reports', result),
  ledger('resource', 'a resource in a result', result),
  ledger('link', 'the description of a link to a resource', result),
  ledger('uri', 'the address of a resource', result),
  command('command-output', 'what a program prints', (text) => ({ 'check.cjs': `console.log(${JSON.stringify(text)})` })),
  command('command-error', 'the error output of a program that fails', (text) => ({ 'check.cjs': `console.error(${JSON.stringify(text)}); process.exit(1)` })),
  command('test-output', 'the name of a test that fails', (text) => ({ 'check.cjs': `console.log("not ok 1 - ${text}"); process.exitCode = 1` })),
  { id: 'commit-message', what: 'a commit message', marks: /^command git log/, commit: (text) => text, read: () => read('return exec(["git", "log", "-1"]);') },
  {
    id: 'commit-author', what: 'the author of a commit', marks: /^command git log/, read: () => read('return exec(["git", "log", "-1"]);'),
    prepare: ({ workspace }, text) => void git(workspace, '-c', `user.name=${text}`, '-c', 'user.email=x@example.com', 'commit', '-q', '--allow-empty', '-m', 'x'),
  },
  { id: 'dependency', what: 'the read-me of a dependency', marks: /^file .*node_modules/, files: (text) => ({ 'node_modules/left/README.md': text }), read: () => ['read_file', { path: 'node_modules/left/README.md' }] },
  { id: 'dependency-name', what: 'the name of a file of a dependency', marks: /^file .*node_modules/, files: (text) => ({ [`node_modules/left/${text}`]: '' }), read: () => read('return workspace.list("node_modules/left");') },
  {
    id: 'outside-file', what: 'a file beside the workspace', marks: /^file .*shared\.md$/, grants: ({ outside }) => [`fs.read ${outside}/shared.md`], prepare: ({ outside }, text) => writeFileSync(join(outside, 'shared.md'), text),
    read: ({ outside }) => ['read_file', { path: `${outside}/shared.md` }],
  },
  { id: 'terminal', what: 'what a terminal shows', marks: /^command the active terminal$/, editor: (text) => ({ terminal: () => Promise.resolve(`$ npm test\n${text}`) }), task: () => 'What went wrong? @terminal' },
];
