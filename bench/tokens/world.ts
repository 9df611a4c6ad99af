import type { Json, JsonObject } from '../../src/shared/json.ts';

/** A company in memory: what its servers would answer, always the same, and what was done to it. Records have the fields of the real services that tasks and people look at. */
export class World {
  readonly effects: JsonObject[] = [];

  /** Throws for a tool that nobody should have called. */
  call(tool: string, args: JsonObject): Json {
    const read = readers[tool];
    if (read) return read(args);
    if (!writers.has(tool)) throw new Error(`${tool} is not part of any task.`);
    this.effects.push({ tool, args });
    return { ok: true, id: `${tool}-${this.effects.length}` };
  }
}

export const repositories = ['web', 'api', 'mobile', 'billing', 'search', 'docs'];
export const people = ['ada', 'grace', 'edsger', 'barbara', 'donald', 'frances', 'tony'];
export const customers = Array.from({ length: 40 }, (_, i) => ({
  id: `cus_${(7919 * (i + 11)).toString(36)}${i}`, object: 'customer', name: `Customer ${i + 1}`, email: `buyer${i}@example.com`, balance: 0, currency: 'eur', created: 1_760_000_000 + i * 86_400, delinquent: i % 9 === 0,
  description: null, livemode: false, metadata: { segment: ['retail', 'public', 'research'][i % 3]! },
}));
export const members = Array.from({ length: 48 }, (_, i) => ({
  id: `U${(104_729 * (i + 3)).toString(36).toUpperCase()}`, name: `member${i}`, real_name: `Member ${i}`, deleted: false, is_bot: false, tz: 'Europe/Paris',
  profile: { email: i % 8 === 5 ? `guest${i}@example.com` : `buyer${i % 40}@example.com`, title: 'Buyer', status_text: '' },
}));
export const channels = ['general', 'random', 'web', 'api', 'design', 'support', 'sales', 'ops', 'data', 'legal'].map((name, i) => ({
  id: `C0${(15_485 * (i + 7)).toString(36).toUpperCase()}`, name, is_private: false, num_members: 12 + i, topic: { value: `All about ${name}` }, purpose: { value: `Talk of ${name}` },
}));

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 86_400_000).toISOString();
const words = 'the page does not load when the filter is set and the list is empty after a while on slow networks'.split(' ');
const text = (seed: number, length: number): string => Array.from({ length }, (_, i) => words[(seed * 7 + i * 3) % words.length]).join(' ');
const indexOf = (list: readonly string[], value: Json | undefined): number => Math.max(0, list.indexOf(String(value)));

const readers: Readonly<Record<string, (args: JsonObject) => Json>> = {
  list_issues: ({ repo }) => Array.from({ length: 30 }, (_, i) => {
    const r = indexOf(repositories, repo);
    return {
      number: 100 * (r + 1) + i, title: text(r * 31 + i, 7), state: 'open', user: { login: people[(i * 5 + r) % 7]!, type: 'User' }, assignee: (i + r) % 4 === 3 ? null : { login: people[(i * 3 + r) % 7]! },
      labels: [{ name: ['bug', 'feature', 'question'][(i + r) % 3]!, color: 'd73a4a' }], comments: (i * r + i) % 5, created_at: day(i * 3), updated_at: day(i * 3 + (i % 20)),
      html_url: `https://github.com/acme/${String(repo)}/issues/${100 * (r + 1) + i}`, body: text(r + i, 40),
    };
  }),
  list_commits: ({ repo }) => Array.from({ length: 30 }, (_, i) => {
    const r = indexOf(repositories, repo);
    const login = people[(i * i + r) % 7]!;
    return {
      sha: (BigInt(6_364_136_223 * (i + 1)) * BigInt(r + 977) ** 9n).toString(16).padStart(40, '0').slice(0, 40), author: { login }, html_url: `https://github.com/acme/${String(repo)}/commit/${i}`,
      commit: { message: text(i + r, 12), author: { name: login, email: `${login}@example.com`, date: day(i) }, comment_count: 0, verification: { verified: true, reason: 'valid' } },
    };
  }),
  list_customers: () => ({ object: 'list', has_more: false, data: customers }),
  list_payment_intents: ({ customer }) => {
    const c = customers.findIndex(({ id }) => id === customer);
    return {
      object: 'list', has_more: false, data: Array.from({ length: 6 }, (_, i) => ({
        id: `pi_${c}_${i}`, object: 'payment_intent', amount: 1000 + ((c * 37 + i * 91) % 83) * 100, currency: 'eur', customer: String(customer), status: (c + i) % 5 === 0 ? 'canceled' : 'succeeded', created: 1_770_000_000 + i,
        payment_method_types: ['card'], description: `Invoice ${c}-${i}`, livemode: false,
      })),
    };
  },
  slack_list_channels: () => ({ ok: true, channels }),
  slack_get_users: () => ({ ok: true, members }),
  slack_get_channel_history: ({ channel_id: id }) => {
    const c = channels.findIndex((channel) => channel.id === id);
    return { ok: true, has_more: false, messages: Array.from({ length: 25 }, (_, i) => ({ type: 'message', user: members[(i * i + c * 5) % 17]!.id, text: text(i + c, 14), ts: `17700${c}${i}.000100`, team: 'T0ACME' })) };
  },
};

const writers: ReadonlySet<string> = new Set(['slack_post_message', 'create_issue', 'add_issue_comment', 'create_customer', 'create_or_update_file']);
