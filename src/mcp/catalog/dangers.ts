import { isIP } from 'node:net';
import { ownEntry } from '../../shared/own-entry.ts';
import { hiddenIn } from '../trust/hidden-characters.ts';
import type { PortableEntry } from '../import/foreign-entry.ts';

/** What of a command a person should look at twice. */
export interface Danger {
  /** The part of the command, as it stands there. */
  readonly part: string;
  readonly why: string;
}

const words: readonly (readonly [RegExp, string])[] = [
  [/^(?:.*[\\/])?(?:ba|z|da|fi|k)?sh(?:\.exe)?$|^(?:.*[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)?$/i, 'starts a shell, which runs whatever it is given'],
  [/^(?:.*[\\/])?(?:sudo|doas|su|pkexec|runas)$/i, 'runs with the rights of the administrator'],
  [/[;&|`]|\$\(|[<>]\(/, 'holds characters with a meaning to shells; none sees them here, a script that passes them on could'],
  [/^(?:.*[\\/])?(?:curl|wget|Invoke-WebRequest|iwr)$/i, 'fetches something more from the network'],
  [/^(?:.*[\\/])?(?:rm|rmdir|del|mkfs|dd|format)$/i, 'deletes'],
  [/^(?:-e|--eval|-c|--command|-p|--print|-r|--require|--import|--loader|-m)$/, 'may run code that stands on the command line, or load more of it'],
  [/^--?(?:privileged|cap-add|device|pid|ipc|userns|security-opt)(?:=|$)/, 'lets the container out of its box'],
  [/^--?net(?:work)?(?:=host)?$|^host$/, 'may use the network of this computer as it is'],
  [/docker\.sock/, 'hands over Docker itself, and with it this computer'],
  [/^(?:-v|--volume|--mount)(?:=|$)|^type=bind/, 'lets the container see files of this computer'],
  [/^--(?:dangerously|allow-all|no-sandbox|unsafe|disable-|insecure|trust-all|yolo)/i, 'switches a protection off'],
  [/^--(?:registry|index-url|default-index|extra-index-url|source|index)(?:=|$)/, 'fetches packages from elsewhere than usual'],
  [/^(?:\/|~|\$\{userHome\}|[A-Za-z]:\\)$/, 'names a whole disk or your home folder'],
];
const loaders = /^(?:NODE_OPTIONS|NODE_PATH|LD_PRELOAD|LD_LIBRARY_PATH|DYLD_.*|PYTHONPATH|PYTHONSTARTUP|PATH|BASH_ENV|ENV|PERL5OPT|RUBYOPT|JAVA_TOOL_OPTIONS|GIT_SSH_COMMAND|NODE_TLS_REJECT_UNAUTHORIZED|SSL_CERT_FILE|HTTPS?_PROXY|ALL_PROXY)$/i;
const pinned = { npx: /^(?:@[^/]+\/)?[^@/]+@\d/, uvx: /==\d|@\d/, dnx: /@\d/, docker: /@sha256:[a-f0-9]{64}$/ } as const;

/** Looks through a whole command or address. Empty where nothing stands out, which is no proof of anything. */
export function dangersOf(entry: PortableEntry): readonly Danger[] {
  const found = entry.type === 'stdio' ? inProgram(entry) : inAddress(entry);
  const texts = entry.type === 'stdio' ? [entry.command, ...entry.args, ...Object.values(entry.env ?? {}).map((value) => value ?? '')] : [entry.url, ...Object.values(entry.headers ?? {})];
  const hidden = texts.flatMap((text) => hiddenIn(text).map((what): Danger => ({ part: text, why: `holds ${what}: it is not what it looks like` })));
  return [...new Map([...found, ...hidden].map((danger) => [`${danger.part}\n${danger.why}`, danger])).values()];
}

function inProgram({ command, args, env = {} }: Extract<PortableEntry, { type: 'stdio' }>): readonly Danger[] {
  const usual = ['--rm', '-i', '-y', '--yes', '--', 'run'];
  const passed = command === 'docker' ? new Set(args.flatMap((word, i) => (word === '-e' && Object.hasOwn(env, args[i + 1] ?? '') ? [i] : []))) : new Set<number>();
  const inWords = [command, ...args].flatMap((word, i) => (usual.includes(word) || passed.has(i - 1) ? [] : words.filter(([pattern]) => pattern.test(word)).map(([, why]): Danger => ({ part: word, why }))));
  const inNames = Object.keys(env).filter((name) => loaders.test(name)).map((name): Danger => ({ part: name, why: 'changes what programs load, whom they trust or where they connect' }));
  const pattern = ownEntry(pinned, command);
  const loose = pattern === undefined || args.some((word) => pattern.test(word)) ? [] : [{ part: command, why: command === 'docker' ? 'the image is named by a tag: what it holds may change without notice' : 'no version is named: what is fetched may change without notice' }];
  return [...inWords, ...inNames, ...loose];
}

function inAddress({ url }: Extract<PortableEntry, { type: 'http' | 'sse' }>): readonly Danger[] {
  const parsed = URL.parse(url.replaceAll(/\$\{[^}]*\}/g, 'x'));
  if (parsed === null) return [{ part: url, why: 'is no address' }];
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  return [
    ...(parsed.protocol === 'http:' && !/^(?:localhost|127\.|::1$)/.test(host) ? [{ part: url, why: 'is not encrypted: everybody on the way reads and changes what is sent' }] : []),
    ...(isIP(host) === 0 ? [] : [{ part: host, why: 'is a number: nobody is named who would answer for it' }]),
    ...(host.split('.').some((label) => label.startsWith('xn--')) ? [{ part: host, why: 'is written with letters of other alphabets, which may look like those of another name' }] : []),
    ...(parsed.username === '' ? [] : [{ part: url, why: 'holds a user name' }]),
  ];
}
