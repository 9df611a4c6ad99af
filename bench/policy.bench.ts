import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Action } from '../src/policy/action.ts';
import { authorize, type Rule } from '../src/policy/authorize.ts';
import { parseGrants, parseGrant } from '../src/policy/grant.ts';

const workspace = '/home/ada/shop';
const rounds = 20_000;

/** As a large workspace might have them: 50 grants, 200 rules, few of them about any one action. */
const grantTexts = Array.from({ length: 50 }, (_, i) => [`fs.read packages/p${i}/**`, `fs.write packages/p${i}/src/**`, `net https://*.s${i}.example`, `mcp server${i}:*`, `exec npm run script${i} **`][i % 5]!);
const ruleTexts = Array.from({ length: 200 }, (_, i) => [`fs.write packages/q${i}/secrets/**`, `fs.read vault${i}/**`, `net https://t${i}.example:*`, `mcp server${i}:delete`, `exec git push${i}`][i % 5]!);

/** Each kind, allowed by the last grants and denied by nothing: all rules have to be looked at. */
const actions: readonly Action[] = [
  { kind: 'fs.read', path: `${workspace}/packages/p45/src/deep/er/file.ts` },
  { kind: 'fs.write', path: `${workspace}/packages/p46/src/deep/er/file.ts` },
  { kind: 'net', scheme: 'https', host: 'api.s47.example', port: 443 },
  { kind: 'mcp', server: 'server48', tool: 'list' },
  { kind: 'exec', argv: ['npm', 'run', 'script49', '--', '-t', 'name'], cwd: workspace },
  { kind: 'fs.write', path: `${workspace}/.git/hooks/pre-commit` },
];

/** The same decisions as casbin takes them: paths, hosts and commands as texts, one matcher with its own functions for patterns. */
const model = `
[request_definition]
r = kind, resource
[policy_definition]
p = kind, resource, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.kind == p.kind && keyMatch(r.resource, p.resource)
`;

function asText(action: Action): string {
  switch (action.kind) {
    case 'fs.read':
    case 'fs.write':
      return action.path;
    case 'net':
      return `${action.scheme}://${action.host.split('.').reverse().join('.')}:${action.port}`;
    case 'mcp':
      return `${action.server}:${action.tool}`;
    case 'exec':
      return action.argv.join(' ');
    default:
      return '';
  }
}

function policyLine(text: string, effect: 'allow' | 'deny'): string {
  const [, kind = '', pattern = ''] = /^(\S+) (.*)$/.exec(text) ?? [];
  const net = /^https:\/\/(?:\*\.)?([^:]+)/.exec(pattern)?.[1];
  const resource = kind.startsWith('fs.') ? `${workspace}/${pattern.replace('**', '*')}` : net === undefined ? pattern.replace(' **', '*') : `https://${net.split('.').reverse().join('.')}*`;
  return `p, ${kind}, ${resource}, ${effect}`;
}

/** The one function on the hottest path of a run: 99th percentile and median of one decision among 50 grants and 200 rules. */
export default async function policy() {
  const grants = parseGrants(grantTexts, workspace);
  const rules: readonly Rule[] = ruleTexts.map((text, i) => ({ effect: 'deny', grant: parseGrant(text, workspace), origin: `settings.json:${i}` }));
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter([...grantTexts.map((text) => policyLine(text, 'allow')), ...ruleTexts.map((text) => policyLine(text, 'deny'))].join('\n')));
  const allowed = (action: Action) => authorize(action, grants, rules).effect === 'allow';
  for (const action of actions) {
    // What is measured must be the same decision; only protected paths are ours alone, and no grant of these covers the hook anyway.
    if (allowed(action) !== enforcer.enforceSync(action.kind, asText(action))) throw new Error(`They do not agree on ${JSON.stringify(action)}; the comparison would be worth nothing.`);
  }
  const ours = sample(rounds, (i) => allowed({ ...actions[i % actions.length]! }));
  const peer = sample(rounds / 20, (i) => enforcer.enforceSync(actions[i % actions.length]!.kind, asText(actions[i % actions.length]!)));
  const row = (bench: string, share: number) => {
    const [one, other] = [percentile(ours, share), percentile(peer, share)];
    return { bench, unit: 'µs', ours: one, peer: other, peerName: 'casbin', ratio: one / other, n: ours.length };
  };
  return [row('authorize, 50 grants and 200 rules, p99', 0.99), row('authorize, 50 grants and 200 rules, median', 0.5)];
}

/** Microseconds of each call, after as many that do not count. An action is a new object each time, as in a run. */
function sample(count: number, work: (i: number) => unknown): readonly number[] {
  for (let i = 0; i < count / 4; i++) work(i);
  return Array.from({ length: count }, (_, i) => {
    const began = process.hrtime.bigint();
    work(i);
    return Number(process.hrtime.bigint() - began) / 1000;
  });
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}
