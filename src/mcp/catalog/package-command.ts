import { AssassinError } from '../../shared/errors.ts';
import type { PortableEntry } from '../import/foreign-entry.ts';
import type { InputValues } from './input-values.ts';
import type { CatalogArgument, CatalogPackage } from './server-json.ts';

interface Runner {
  readonly command: string;
  /** What publishers may name instead. */
  readonly hints: readonly string[];
  /** What a package of this kind may be called. None begins with a dash: it would be an option of the program that fetches it. */
  readonly identifier: RegExp;
  readonly home: readonly string[];
  /** Words before the package, and the package itself with its version. */
  readonly words: (pack: CatalogPackage, base: string | undefined) => readonly string[];
  readonly after?: readonly string[];
}

const plainVersion = /^[A-Za-z0-9][\w.+!-]*$/;
const atVersion = ({ identifier, version }: CatalogPackage, sign: string) => (version === undefined ? identifier : `${identifier}${sign}${version}`);

const runners: Readonly<Record<string, Runner>> = {
  npm: {
    command: 'npx', hints: ['npx'], identifier: /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i, home: ['https://registry.npmjs.org'],
    words: (pack, base) => [...(base === undefined ? [] : [`--registry=${base}`]), '-y', atVersion(pack, '@')],
  },
  pypi: {
    command: 'uvx', hints: ['uvx', 'uv'], identifier: /^[a-z0-9][\w.-]*$/i, home: ['https://pypi.org', 'https://pypi.org/simple'],
    words: (pack, base) => [...(base === undefined ? [] : ['--default-index', base]), atVersion(pack, '==')],
  },
  oci: {
    command: 'docker', hints: ['docker'], identifier: /^[a-z0-9][\w./:@-]*$/i, home: ['https://docker.io', 'https://ghcr.io', 'https://index.docker.io'],
    words: (pack, base) => [imageOf(pack, base)],
  },
  nuget: {
    command: 'dnx', hints: ['dnx'], identifier: /^[a-z0-9][\w.-]*$/i, home: ['https://api.nuget.org', 'https://api.nuget.org/v3/index.json'],
    words: (pack, base) => [atVersion(pack, '@'), ...(base === undefined ? [] : ['--source', base]), '--yes'], after: ['--'],
  },
};

/** Whether packages of this kind are started by a program of the system, and on their standard streams. */
export const isRunnable = ({ registryType, transport }: CatalogPackage): boolean => Object.hasOwn(runners, registryType) && (transport?.type ?? 'stdio') === 'stdio';

/** The command that fetches and starts a package, word by word; no shell ever sees it. Throws `not-supported` and `invalid-output`. */
export function packageCommand(pack: CatalogPackage, values: InputValues): PortableEntry {
  const runner = runners[pack.registryType];
  if (runner === undefined || !isRunnable(pack)) throw new AssassinError('not-supported', `Packages of the kind "${pack.registryType}"${pack.transport === undefined ? '' : ` over ${pack.transport.type}`} cannot be started here.`, { hint: 'Start it as its documentation says, and add it by its address.' });
  const { command, hints, identifier, home, words, after = [] } = runner;
  if (pack.runtimeHint !== undefined && pack.runtimeHint !== '' && !hints.includes(pack.runtimeHint)) {
    throw new AssassinError('not-supported', `The publisher wants it started by "${pack.runtimeHint.slice(0, 100)}", which is not ${hints.join(' or ')}.`, { hint: 'Write its configuration by hand, once you have read what that program does.' });
  }
  if (!identifier.test(pack.identifier) || !plainVersion.test(pack.version ?? '0')) {
    throw new AssassinError('invalid-output', `"${`${pack.identifier} ${pack.version ?? ''}`.trim().slice(0, 200)}" is not the name of a package of the kind "${pack.registryType}".`, { hint: 'Do not use this server.' });
  }
  const base = pack.registryBaseUrl?.replace(/\/+$/, '');
  if (base !== undefined && !/^https:\/\/[\w.:-]+(?:\/[\w./-]*)?$/.test(base)) throw new AssassinError('invalid-output', `"${base.slice(0, 200)}" is not an https address from which packages could come.`, { hint: 'Do not use this server.' });
  const env = values.all(pack.environmentVariables);
  const container = pack.registryType === 'oci' ? ['run', '-i', '--rm', ...Object.keys(env).flatMap((name) => ['-e', name])] : [];
  const own = pack.registryType === 'oci' ? (pack.runtimeArguments ?? []).filter((argument) => !container.includes(argument.type === 'named' ? argument.name : (argument.value ?? '')) || argument.type === 'named' && argument.value !== undefined) : pack.runtimeArguments ?? [];
  const packageWords = wordsOf(pack.packageArguments, values);
  return {
    type: 'stdio', command: pack.runtimeHint === 'uv' ? 'uvx' : command,
    args: [...container, ...wordsOf(own, values), ...words(pack, base === undefined || home.includes(base) ? undefined : base), ...(packageWords.length === 0 ? [] : after), ...packageWords],
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

function wordsOf(list: readonly CatalogArgument[] = [], values: InputValues): readonly string[] {
  return list.flatMap((argument) => {
    if (argument.type === 'positional') {
      const text = values.of(argument.valueHint ?? 'argument', argument);
      return text === undefined ? [] : [text];
    }
    const name = values.plain('an option', argument.name);
    // An option without any value is a switch.
    const isSwitch = argument.value === undefined && argument.default === undefined && argument.isRequired === true && argument.description === undefined && argument.choices === undefined;
    const text = isSwitch ? '' : values.of(name.replace(/^-+/, ''), argument);
    return text === undefined ? [] : text === '' ? [name] : [name, text];
  });
}

function imageOf({ identifier, version }: CatalogPackage, base: string | undefined): string {
  const tagged = /[:@][^/]*$/.test(identifier) || version === undefined ? identifier : `${identifier}:${version}`;
  return base === undefined ? tagged : `${new URL(base).host}/${tagged}`;
}
