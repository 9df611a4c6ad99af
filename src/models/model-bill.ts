import type { Budget } from '../run/budget.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import type { ModelInfo, ModelRequest, ModelUsage } from './model-client.ts';
import { moneyLeft, requirePrice } from './money-limit.ts';
import type { ModelPricing } from './prices.ts';
import { estimatedUsage, estimateInput } from './usage.ts';

/** Fewer tokens than this are no answer. */
const leastOutput = 256;

/** Tokens and money that a request may use at most, taken from the budget before it is sent. */
export interface Reservation {
  readonly maxOutputTokens: number;
  /** Puts what was really used in place of what was reserved, and writes it to the ledger. `by` is the model that answered, where it was another one. */
  settle(usage: ModelUsage, step: string, by?: ModelInfo): void;
  /** Nothing was used: the provider turned the request away. */
  release(): void;
}

/** Throws `budget-exceeded` where not even a short answer is left in the budget, or nobody knows whether it is. */
export function reserve(scope: RunScope, model: ModelInfo, request: ModelRequest, pricing: ModelPricing, wantedOutput: number): Reservation {
  const { budget } = scope;
  requirePrice(scope, model, pricing);
  const input = estimateInput(request);
  const affordable = Math.min(wantedOutput, budget.left('tokens') - input, affordableOutput(moneyLeft(scope, model), model, input, pricing));
  if (affordable < leastOutput) throw tooLittle(scope, input, model, pricing);
  const maxOutputTokens = Math.floor(affordable);
  const tokens = input + maxOutputTokens;
  const usd = pricing.cost(model, estimatedUsage(input, maxOutputTokens))?.usd ?? 0;
  const taken = take(budget, tokens, usd);
  return {
    maxOutputTokens,
    settle: (usage, step, by = model) => {
      const used = usage.uncachedInput + usage.cachedInput + usage.cacheWrite;
      const cost = pricing.cost(by, usage);
      budget.settle('tokens', used + usage.output - tokens, taken);
      budget.settle('moneyUsd', (cost?.usd ?? 0) - usd, taken);
      const source = usage.mark === 'measured' ? 'reported by the provider' : 'estimated from the number of characters';
      scope.meter('model.input_tokens', used, usage.mark, source, { step });
      scope.meter('model.output_tokens', usage.output, usage.mark, source, { step });
      for (const [meter, tokens] of partsOf(usage)) if (tokens > 0) scope.meter(meter, tokens, usage.mark, source, { step });
      if (cost) scope.gate.used({ kind: 'model', model: model.id }, { usd: cost.usd });
      if (cost) scope.meter('model.cost_usd', cost.usd, cost.mark, cost.source, { step });
      // A line of its own, so that no sum takes it for nothing.
      else scope.meter('model.cost_usd', 0, 'unknown', `no price is known for ${by.id}${usage.tier === undefined || usage.tier === 'standard' ? '' : ` in the ${usage.tier} tier`}`, { step });
    },
    release: () => {
      budget.settle('tokens', -tokens, taken);
      budget.settle('moneyUsd', -usd, taken);
    },
  };
}

/** Both or none: another program may have taken the money meanwhile. */
function take(budget: Budget, tokens: number, usd: number): number {
  const at = budget.charge('tokens', tokens);
  try {
    budget.charge('moneyUsd', usd);
    return at;
  } catch (error) {
    budget.settle('tokens', -tokens, at);
    throw error;
  }
}

/** What is contained in the two sums and priced apart, or shown apart. */
function partsOf({ cachedInput, cacheWrite, reasoning }: ModelUsage) {
  return [['model.cached_input_tokens', cachedInput], ['model.cache_write_tokens', cacheWrite], ['model.reasoning_tokens', reasoning]] as const;
}

/** Output tokens that the money pays for after the input; prices are linear in tokens. */
function affordableOutput(money: number, model: ModelInfo, input: number, pricing: ModelPricing): number {
  const without = pricing.cost(model, estimatedUsage(input, 0))?.usd;
  const withSome = pricing.cost(model, estimatedUsage(input, 1000))?.usd;
  if (without === undefined || withSome === undefined) return Number.POSITIVE_INFINITY;
  const each = (withSome - without) / 1000;
  const left = money - without;
  // Rounded down by a hair: the reservation itself must not go over by the last digit of a float.
  return each > 0 ? (left / each) * (1 - 1e-9) : left >= 0 ? Number.POSITIVE_INFINITY : 0;
}

function tooLittle({ budget, gate }: RunScope, input: number, model: ModelInfo, pricing: ModelPricing): AssassinError {
  const kind = budget.left('tokens') - input < leastOutput ? 'tokens' : 'moneyUsd';
  const granted = gate.moneyLeft({ kind: 'model', model: model.id });
  const error = kind === 'moneyUsd' && granted < budget.left(kind)
    ? new AssassinError('budget-exceeded', `The grant for ${model.id} has $${granted} left.`, { hint: 'Grant more, or ask a cheaper model.', data: { budget: kind, limit: granted } })
    : budget.refusal(kind);
  const need = kind === 'tokens' ? `the next request to ${model.id} needs about ${input + leastOutput}` : `the next request to ${model.id} costs about $${pricing.cost(model, estimatedUsage(input, leastOutput))?.usd ?? 0}`;
  return new AssassinError('budget-exceeded', `${error.message.replace(/\.$/, '')}: ${need}.`, { ...(error.hint === undefined ? {} : { hint: error.hint }), ...(error.data === undefined ? {} : { data: error.data }) });
}
