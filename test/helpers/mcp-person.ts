import type { FormAnswer, FormRequest, McpPerson, SamplingReview, VisitRequest } from '../../src/mcp/requests/person.ts';

export interface RecordedPerson extends McpPerson {
  readonly forms: readonly Omit<FormRequest, 'signal'>[];
  readonly visits: readonly Omit<VisitRequest, 'signal'>[];
  readonly reviews: readonly Omit<SamplingReview, 'signal'>[];
}

/** Answers as it is told, and keeps what it was shown. */
export function recordedPerson(answers: { readonly form?: FormAnswer | (() => Promise<FormAnswer>); readonly visit?: FormAnswer['action']; readonly review?: boolean; readonly canAsk?: boolean } = {}): RecordedPerson {
  const forms: Omit<FormRequest, 'signal'>[] = [];
  const visits: Omit<VisitRequest, 'signal'>[] = [];
  const reviews: Omit<SamplingReview, 'signal'>[] = [];
  return {
    forms, visits, reviews, canAsk: answers.canAsk ?? true,
    form: ({ signal: _signal, ...request }) => {
      forms.push(request);
      return typeof answers.form === 'function' ? answers.form() : Promise.resolve(answers.form ?? { action: 'decline' });
    },
    visit: ({ signal: _signal, ...request }) => {
      visits.push(request);
      return Promise.resolve(answers.visit ?? 'decline');
    },
    review: ({ signal: _signal, ...request }) => {
      reviews.push(request);
      return Promise.resolve(answers.review ?? false);
    },
  };
}
