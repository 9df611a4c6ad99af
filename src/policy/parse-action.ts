import { AssassinError } from '../shared/errors.ts';
import { capabilityKinds, netAction, type Action } from './action.ts';
import { splitPin } from './name-pattern.ts';
import { splitWords } from './words.ts';

export interface ParseActionOptions {
  /** The real path of what a person wrote. */
  readonly resolvePath: (path: string) => Promise<string>;
  /** The folder that commands run in. */
  readonly workspace: string;
}

/** Reads an action as one writes a grant, for example `fs.write reports/x.md` or `net https://a.example/page`. Throws `invalid-input`. */
export async function parseAction(text: string, { resolvePath, workspace }: ParseActionOptions): Promise<Action> {
  const [, kind = '', resource = ''] = /^(\S*)\s*(.*)$/s.exec(text.trim()) ?? [];
  const needed = (example: string) => {
    if (resource === '') throw invalidAction(text, `${kind} needs a resource`, `Write for example "${example}".`);
    return resource;
  };
  switch (kind) {
    case 'fs.read':
    case 'fs.write':
    case 'node':
      return { kind, path: await resolvePath(needed(`${kind} reports/prices.md`)) };
    case 'net': {
      const url = needed('net https://shop.example');
      const action = URL.canParse(url) ? netAction(new URL(url)) : undefined;
      if (action === undefined || action.host === '') throw invalidAction(text, 'that is no URL with a host', 'Write for example "net https://shop.example".');
      return action;
    }
    case 'mcp': {
      const [, writtenServer, writtenTool] = /^([^:\s]+):(\S+)$/.exec(needed('mcp github:list_issues')) ?? [];
      if (writtenServer === undefined || writtenTool === undefined) throw invalidAction(text, 'it names no server and tool', 'Write for example "mcp github:list_issues".');
      const [server, serverPin] = splitPin(writtenServer, text);
      const [tool, toolPin] = splitPin(writtenTool, text);
      const pins = { ...(serverPin === undefined ? {} : { server: serverPin }), ...(toolPin === undefined ? {} : { tool: toolPin }) };
      return { kind, server, tool, ...(serverPin === undefined && toolPin === undefined ? {} : { pins }) };
    }
    case 'exec': {
      const words = splitWords(needed('exec npm test'));
      if (typeof words === 'string') throw invalidAction(text, words, 'Write the words of the command, as in "exec npm test".');
      return { kind, argv: words.map((word) => word.text), cwd: workspace };
    }
    case 'model':
      return { kind, model: needed('model gpt-5') };
    case 'secret':
      return { kind, name: needed('secret API_KEY') };
    case 'package':
      return { kind, name: needed('package zod') };
    case 'browser':
    case 'clock':
    case 'random':
    case 'fn.serve':
      if (resource !== '') throw invalidAction(text, `${kind} takes no resource`, `Write just "${kind}".`);
      return { kind };
    default:
      throw invalidAction(text, `there is no capability "${kind}"`, `Use one of ${capabilityKinds.join(', ')}, for example "net https://shop.example".`);
  }
}

function invalidAction(text: string, problem: string, hint: string): AssassinError {
  return new AssassinError('invalid-input', `"${text}" is not an action: ${problem}.`, { hint });
}
