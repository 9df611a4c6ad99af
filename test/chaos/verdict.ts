import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { denyAll } from '../../src/policy/approver.ts';
import { Runtime } from '../../src/runtime.ts';
import { defaultSettings } from '../../src/runtime-options.ts';
import { fromStored } from './stored.ts';
import type { JournalEvent } from '../../src/shared/events.ts';
import type { StoredValue } from '../../src/shared/json.ts';
import { isTerminal } from '../../src/shared/run-state.ts';
import { verifyAudit } from '../../src/store/audit-chain.ts';
import { processesOf } from './processes.ts';
import type { ChaosWorld } from './world.ts';

export interface Verdict {
  readonly runs: number;
  readonly states: Readonly<Record<string, number>>;
  /** Effects that the record says are done, that it leaves open, and that were seen. */
  readonly effects: { readonly recorded: number; readonly unknown: number; readonly failed: number; readonly seen: number };
  readonly auditEntries: number;
  /** What a start afterwards found of programs that were killed, and ended. */
  readonly swept: number;
  /** Everything that is not as it must be, in words. Empty, or the product has failed. */
  readonly problems: readonly string[];
}

/** The key that a run was started with. */
export function keyOfRun([created]: readonly JournalEvent[]): string | undefined {
  return created?.type === 'run.created' ? /\bk\d{4}\b/.exec(fromStored(created.input))?.[0] : undefined;
}

/** A start of the product after it all, which sweeps, and then a look at everything that could be wrong. */
export async function judge(world: ChaosWorld, dist: URL): Promise<Verdict> {
  const problems: string[] = [];
  const runtime = await Runtime.open({
    workspace: world.workspace, dataDirectory: world.store, distDirectory: dist, version: '0.0.0', approver: denyAll, log: (_level, message) => problems.push(`The start says: ${message}`),
    settings: { ...defaultSettings, discoverModels: false, retention: { maxRuns: 100_000, maxAgeDays: 1 } },
  });
  try {
    const { store } = runtime;
    if (store.movedAside !== undefined) problems.push('The database was damaged.');
    const all = store.runs({ limit: 100_000 }).items;
    const states: Record<string, number> = {};
    const seen = world.effects();
    const effects = { recorded: 0, unknown: 0, failed: 0, seen: 0 };
    const steps = new Map<string, number>();
    const keys = new Map<string, number>();
    for (const { id, state, parent } of all) {
      states[state] = (states[state] ?? 0) + 1;
      const events = runtime.events(id);
      const ends = events.filter((event) => event.type === 'run.state' && isTerminal(event.to)).length;
      if (ends !== 1) problems.push(`${id} has ${ends} terminal states.`);
      if (events.some(({ seq }, i) => seq !== i + 1)) problems.push(`The numbers of ${id} have gaps.`);
      const key = keyOfRun(events);
      if (parent === undefined && key !== undefined) keys.set(key, (keys.get(key) ?? 0) + 1);
      for (const { effect, end } of effectsIn(events)) {
        steps.set(effect, (steps.get(effect) ?? 0) + 1);
        const count = seen.get(effect) ?? 0;
        effects[end === 'ok' ? 'recorded' : end === undefined ? 'unknown' : 'failed'] += 1;
        if (count > 1) problems.push(`The effect ${effect} happened ${count} times.`);
        // What an agent writes in its worktree lands in the workspace with its run, in a step of its own.
        if (end === 'ok' && count === 0 && parent === undefined) problems.push(`The effect ${effect} is recorded as done and did not happen (${id}).`);
      }
    }
    for (const [key, count] of keys) if (count > 1) problems.push(`The run of ${key} was started ${count} times.`);
    for (const [effect, count] of steps) if (count > 1) problems.push(`The step of ${effect} was begun ${count} times.`);
    for (const effect of seen.keys()) if (!steps.has(effect)) problems.push(`The effect ${effect} happened and is not on record.`);
    effects.seen = seen.size;
    const audit = verifyAudit(store.audit.entries());
    if (audit.brokenAt !== undefined) problems.push(`The audit chain is broken at ${audit.brokenAt}.`);
    for (const { label } of store.openLeases()) problems.push(`A lease is open: ${label}`);
    for (const { id, state } of store.openRuns()) problems.push(`${id} is still ${state}.`);
    return { runs: keys.size, states, effects, auditEntries: audit.entries, swept: runtime.swept.leases.length, problems: [...problems, ...leftOver(world), ...integrity(world)] };
  } finally {
    await runtime[Symbol.asyncDispose]();
  }
}

function leftOver({ folder, temporary, workspace }: ChaosWorld): readonly string[] {
  const worktrees = execFileSync('git', ['worktree', 'list', '--porcelain'], { cwd: workspace, encoding: 'utf8' }).split('\n').filter((line) => line.startsWith('worktree '));
  return [
    ...processesOf(folder).map(({ pid, command }) => `Left behind: process ${pid}, ${command.slice(0, 120)}`),
    ...readdirSync(temporary).map((name) => `Left behind: ${join(temporary, name)}`),
    ...worktrees.slice(1).map((line) => `Left behind: ${line}`),
  ];
}

function integrity({ store }: ChaosWorld): readonly string[] {
  const db = new DatabaseSync(join(store, 'assassin.db'), { readOnly: true });
  try {
    const answer = (db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[]).map(({ integrity_check: line }) => line);
    return answer.join() === 'ok' ? [] : answer.map((line) => `The database: ${line}`);
  } finally {
    db.close();
  }
}

const tools: ReadonlySet<string> = new Set(['http.request', 'workspace.writeFile', 'workspace.edit', 'exec.run', 'mcp.sink.send', 'page.evaluate']);

function effectsIn(events: readonly JournalEvent[]): readonly { readonly effect: string; readonly end: string | undefined }[] {
  // That a program was killed is an answer too, and no failure of the step: it is on record that it did not end well.
  const ends = new Map(events.flatMap((event) => (event.type === 'step.ended' ? [[event.step, event.status === 'ok' && killed(event.output) ? 'error' : event.status] as const] : [])));
  return events.flatMap((event) => {
    if (event.type !== 'step.started' || !tools.has(event.name) || event.input === undefined) return [];
    const effect = /\bk\d{4}-\d\b/.exec(fromStored(event.input))?.[0];
    return effect === undefined ? [] : [{ effect, end: ends.get(event.step) }];
  });
}

function killed(output: StoredValue | undefined): boolean {
  return output !== undefined && fromStored(output).includes('"signal":"SIGKILL"');
}
