import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Redactor } from '../../../../src/policy/redact.ts';
import type { Json } from '../../../../src/shared/json.ts';
import { mcpOfferTools } from '../../../../src/tools/mcp-offer-tools.ts';
import { McpToolSource } from '../../../../src/tools/mcp-tool-source.ts';
import { ToolRegistry } from '../../../../src/tools/registry.ts';
import { mcpDeclarations } from '../../../../src/tools/schema-to-typescript.ts';
import type { ServerTrust } from '../../../../src/mcp/trust/server-trust.ts';
import { definedTool, testTrust } from '../../../helpers/mcp-trust.ts';
import { fixture, nodeServer, processesIn, withHub } from '../../../helpers/mcp.ts';
import { withRun, type FinishedRun } from '../../../helpers/run.ts';

/** A secret that the server is started with: it may be nowhere in what is kept or shown. */
export const canary = 'canary-4711-of-the-service';

export interface Attacked {
  readonly run: FinishedRun;
  /** What the calls gave, or the codes of their errors. */
  readonly answers: readonly Json[];
  readonly offered: readonly string[];
  readonly withheld: readonly string[];
  readonly log: readonly string[];
  readonly declarations: string;
}

export interface AttackOptions {
  /** Tools to call, one after the other; `lookup` where absent. */
  readonly calls?: readonly (readonly [tool: string, input?: Json])[];
  /** What an attack is told beside its name. */
  readonly argument?: string;
  /** It is started a second time, and changes then. */
  readonly twice?: boolean;
  readonly timeoutMs?: number;
  /** After this many calls the next one waits until something is withheld: what a server says between two calls is taken over in between. */
  readonly changesAfter?: number;
}

/** One run against one attack, with a real server and everything that stands between it and a person. Whatever the attack, nothing may run, stay or leak. */
export async function attack(name: string, { calls = [['lookup']], argument, twice = false, timeoutMs = 5000, changesAfter }: AttackOptions = {}): Promise<Attacked> {
  using trusted = testTrust();
  let trust = trusted.trust;
  const redactor = new Redactor();
  return await withHub((folder) => {
    trust = trusted.again(folder);
    return [nodeServer('odd', fixture('hostile.mjs'), [name, argument ?? join(folder, 'ran')], { env: { SERVICE_TOKEN: canary }, connectTimeoutMs: 20_000, timeoutMs })];
  }, async ({ hub, log, folder }) => {
    await knowOtherServers(trust);
    const tools = new ToolRegistry();
    tools.register(...mcpOfferTools(hub));
    tools.registerSource(new McpToolSource(hub));
    const once = () => withRun(['mcp odd:*'], async (scope) => {
      const answers: Json[] = [];
      for (const [tool, input = {}] of calls) {
        answers.push(await tools.call(tool.includes('.') ? tool : `mcp.odd.${tool}`, input, scope).catch((error: unknown) => `! ${String(Reflect.get(Object(error), 'code'))}`));
        for (let waited = 0; answers.length === changesAfter && trust.withheld('odd').length === 0 && waited < 400; waited++) await new Promise((resolve) => setTimeout(resolve, 25));
      }
      return answers;
    }, { redactor });
    let run = await once();
    if (twice) {
      writeFileSync(join(folder, 'ran'), 'the second start');
      run = await once();
    }
    expect(processesIn(folder)).toEqual([]);
    expect(existsSync(join(folder, 'ran'))).toBe(twice);
    expect(run.outcome.clean).toBe(true);
    expect(JSON.stringify([run.events, log, trusted.log])).not.toContain(canary);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    // A server may talk as it likes: it fills neither the record of a run nor the log.
    expect(JSON.stringify(run.events).length).toBeLessThan(3_000_000);
    expect(log.join('\n').length).toBeLessThan(1_000_000);
    expect(log.join('')).not.toContain('\u001b');
    const offered = hub.knownTools('odd') ?? [];
    return {
      run, answers: run.outcome.error === undefined ? run.outcome.result as readonly Json[] : [], offered: offered.map((tool) => tool.name), withheld: trust.withheld('odd').map(({ why, now }) => `${why} ${now.kind} ${now.name}`.trimEnd()),
      log: [...log], declarations: mcpDeclarations([{ name: 'odd', tools: offered }]),
    };
  }, { admit: (config, definitions) => trust.admit(config, definitions), vouch: (config, facts) => trust.vouch(config, facts), redactor });
}

/** Another server of the workspace that a person has let in. */
async function knowOtherServers(trust: ServerTrust): Promise<void> {
  await trust.admit(nodeServer('mail', 'mail.mjs'), [definedTool({ name: 'send_email' })]);
}
