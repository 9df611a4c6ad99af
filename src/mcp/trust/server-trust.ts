import { homedir } from 'node:os';
import { serverIdentity, type McpServerFacts } from '../../policy/mcp-identity.ts';
import { Slices } from '../../run/slices.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { McpPin, McpPins } from '../../store/mcp-pins.ts';
import type { Admit, Definition, Verdict } from '../admission.ts';
import { commandLine, type McpServerConfig } from '../mcp-config.ts';
import { resolvedFacts } from '../server-facts.ts';
import { isWhole, keyOf, pinOf } from './definition-pin.ts';
import { findingsIn, type Finding } from './findings.ts';
import { ToolNames } from './tool-names.ts';

/** Something of a server that nobody is offered until a person has approved it. */
export interface Withheld {
  readonly why: 'changed' | 'new' | 'odd' | 'damaged' | 'twice';
  /** What was approved before; absent for what is new. */
  readonly before?: McpPin;
  readonly now: McpPin;
  readonly findings: readonly Finding[];
  /** A sentence for the person. */
  readonly reason: string;
}

export interface ServerTrustOptions {
  readonly pins: McpPins;
  readonly workspace: string;
  readonly redact: (text: string) => string;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

type Pins = ReadonlyMap<string, McpPin>;
type Findings = () => readonly Finding[];
type Group = 'tools' | 'prompt' | 'resource-template';

/**
 * What is believed of MCP servers: how they are started, and every word of what they define, as it was when a person let them in. The first sight is believed
 * where nothing about it is odd; from then on whatever is new or says something else waits for a person.
 */
export class ServerTrust {
  readonly #options: ServerTrustOptions;
  readonly #withheld = new Map<string, Map<Group, readonly Withheld[]>>();

  constructor(options: ServerTrustOptions) {
    this.#options = options;
  }

  /** Throws `denied` for a server that would be started otherwise, or reached elsewhere, than the one that was let in. Asked before anything of it starts. */
  readonly vouch = (config: McpServerConfig, facts: McpServerFacts): void => {
    const changed = this.configuration(config, facts);
    if (changed === undefined) return;
    throw new AssassinError('denied', `The MCP server "${config.title}" is not started: ${changed.reason}`, {
      hint: `Compare both and approve the new one: "Review what an MCP server has changed" in the editor, "mcp review ${config.name}" on the command line.`,
      data: { server: config.name, reason: 'configuration-changed' },
    });
  };

  readonly admit: Admit = async (config, definitions) => {
    const { pins } = this.#options;
    const slices = new Slices();
    const now: McpPin[] = [];
    for (const definition of definitions) {
      now.push(pinOf(definition));
      await slices.turn();
    }
    const [first] = definitions;
    if (first === undefined) return [];
    const group: Group = first.kind === 'prompt' || first.kind === 'resource-template' ? first.kind : 'tools';
    const known = byKey(pins.of(this.#options.workspace, config.name));
    const findings = await this.#findings(config, definitions, now, known);
    // Only a first sight writes, and two windows that see a server for the first time must not both decide on it.
    const held = known.has(keyOf(listedPin(group))) ? this.#decided(group, findings, now, known) : pins.atomically(() => this.#firstSight(config, group, findings, now));
    this.#groups(config.name).set(group, held.filter((each) => each !== undefined));
    for (const each of held) if (each !== undefined) this.#options.log('warn', `[${config.name}] Withheld: ${each.now.kind} ${JSON.stringify(each.now.name)}. ${each.reason}`);
    return held.map((each): Verdict => (each === undefined ? { admitted: true } : { admitted: false, reason: each.reason }));
  };

  /** How a server is started now and was before, where that has changed. */
  configuration(config: McpServerConfig, facts: McpServerFacts): Withheld | undefined {
    const { pins, workspace } = this.#options;
    const before = pins.one(workspace, config.name, 'server', '');
    const now = this.#serverPin(config, facts);
    if (before === undefined || before.hash === now.hash) return undefined;
    const what = before.definition === now.definition ? 'its command leads to another program, or its folder or variables are others' : 'it is configured otherwise';
    return { why: 'changed', before, now, findings: [], reason: `Since it was approved, ${what}.` };
  }

  /** What was withheld the last time that its lists were read. */
  withheld(server: string): readonly Withheld[] {
    return [...this.#withheld.get(server)?.values() ?? []].flat();
  }

  /** Exactly what a person has seen is approved: what the server says by now may be something else again. */
  approve(server: string, seen: readonly Withheld[]): void {
    const { pins, workspace } = this.#options;
    pins.put(workspace, server, seen.filter(({ why }) => why !== 'twice').map(({ now }) => now));
  }

  /** As if the server had never been seen. */
  forget(server: string): void {
    this.#options.pins.forget(this.#options.workspace, server);
    this.#withheld.delete(server);
  }

  /** What is odd about each. Ahead of the decision: nobody else could write while thousands of texts are read. */
  async #findings(config: McpServerConfig, definitions: readonly Definition[], now: readonly McpPin[], known: Pins): Promise<readonly Findings[]> {
    const { pins, workspace } = this.#options;
    const fresh = now.map((pin) => !isSame(known.get(keyOf(pin)), pin));
    const siblings = definitions.flatMap((definition) => (definition.kind === 'tool' ? [definition.name] : []));
    const names = await (fresh.includes(true) ? ToolNames.of(siblings, pins.otherTools(workspace, config.name)) : ToolNames.of([], []));
    const slices = new Slices();
    const findings: Findings[] = [];
    for (const [i, definition] of definitions.entries()) {
      const found = fresh[i] === true ? findingsIn(definition, names) : undefined;
      // One that is defined twice, or whose approval was taken back meanwhile.
      findings.push(() => found ?? findingsIn(definition, names));
      await slices.turn();
    }
    return findings;
  }

  #decided(group: Group, found: readonly Findings[], now: readonly McpPin[], known: Pins): readonly (Withheld | undefined)[] {
    const { lost } = this.#options.pins;
    const believed = !known.has(keyOf(listedPin(group))) && !lost;
    const times = new Map<string, number>();
    for (const pin of now) times.set(keyOf(pin), (times.get(keyOf(pin)) ?? 0) + 1);
    return now.map((pin, i): Withheld | undefined => {
      const before = known.get(keyOf(pin));
      const twice = times.get(keyOf(pin)) !== 1;
      if (!twice && isSame(before, pin)) return undefined;
      const findings = found[i]!();
      const odd = findings.some(({ serious }) => serious);
      if (!twice && before === undefined && believed && !odd) return undefined;
      const why = twice ? 'twice' : before === undefined ? (believed ? 'odd' : 'new') : isWhole(before) ? 'changed' : 'damaged';
      return { why, now: pin, findings, reason: reasonOf(why, findings, lost), ...(before === undefined ? {} : { before }) };
    });
  }

  #firstSight(config: McpServerConfig, group: Group, found: readonly Findings[], now: readonly McpPin[]): readonly (Withheld | undefined)[] {
    const { pins, workspace } = this.#options;
    const known = byKey(pins.of(workspace, config.name));
    const decided = this.#decided(group, found, now, known);
    if (known.has(keyOf(listedPin(group)))) return decided;
    const fresh = now.filter((pin, i) => decided[i] === undefined && !known.has(keyOf(pin)));
    const start = [...known.values()].some(({ kind }) => kind === 'server') ? [] : [this.#serverPin(config, resolvedFacts(config, this.#sources()))];
    pins.put(workspace, config.name, [...fresh, ...start, listedPin(group)]);
    return decided;
  }

  #serverPin(config: McpServerConfig, facts: McpServerFacts): McpPin {
    const names = facts.type === 'stdio' ? facts.envNames : facts.headerNames;
    const lines = [this.#options.redact(commandLine(config)), ...(facts.type === 'stdio' ? [`in ${facts.cwd}`] : []), ...(names.length === 0 ? [] : [`with ${[...names].sort().join(', ')}`])];
    return { kind: 'server', name: '', hash: serverIdentity(facts), definition: lines.join('\n') };
  }

  #sources(): Parameters<typeof resolvedFacts>[1] {
    return { workspace: this.#options.workspace, home: homedir(), env: (name) => process.env[name] };
  }

  #groups(server: string): Map<Group, readonly Withheld[]> {
    let groups = this.#withheld.get(server);
    if (groups === undefined) this.#withheld.set(server, (groups = new Map()));
    return groups;
  }
}

/** That a kind of list has been seen. */
function listedPin(group: Group): McpPin {
  return { kind: 'listed', name: group, hash: '', definition: '' };
}

function byKey(pins: readonly McpPin[]): Pins {
  return new Map(pins.map((pin) => [keyOf(pin), pin]));
}

/** What was approved is what there is now; a record that was changed under its old hash is not. */
function isSame(before: McpPin | undefined, now: McpPin): boolean {
  return before !== undefined && before.hash === now.hash && before.definition === now.definition;
}

function reasonOf(why: Withheld['why'], findings: readonly Finding[], lost: boolean): string {
  const odd = findings.map(({ text }) => `${text}.`).join(' ');
  switch (why) {
    case 'changed': return `It says something else than what was approved. ${odd}`.trimEnd();
    case 'new': return `${lost ? 'What had been approved is not known any more: the record was damaged.' : 'It is new since the server was approved.'} ${odd}`.trimEnd();
    case 'odd': return `It needs a look before it is used. ${odd}`;
    case 'damaged': return `The record of its approval is damaged. ${odd}`.trimEnd();
    case 'twice': return 'The server defines it more than once, so that nobody can tell which is called.';
  }
}
