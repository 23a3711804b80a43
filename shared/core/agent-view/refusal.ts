import type { Problem, ProblemCode } from '../problems.ts';
import { problemKinds } from '../problems.ts';
import { type Html, html } from './html.ts';
import { frame } from './page.ts';
import type { PageFiles } from './policy.ts';
import type { Words } from './words.ts';

type Refusal = keyof Words['refusals'];

const refusals: Readonly<Partial<Record<ProblemCode, Refusal>>> = {
  unauthorized: 'expired',
  session_too_old: 'expired',
  forbidden: 'forbidden',
  not_found: 'unknown',
  invalid_request: 'unknown',
};

/** Why an agent sees no handover, and what to do about it, for a person rather than a program. */
export function refusalPage(problem: Problem, id: string, words: Words, files: PageFiles): Html {
  const { label, help } = words.refusals[refusals[problem.code] ?? 'unavailable'];
  const body = html`<main class="refusal">
<h1>${label}</h1>
<p>${help}</p>
<p class="id">${problem.code} · ${id}</p>
</main>`;
  return frame({ words, files, title: `${label} · ${words.title}`, body });
}

/** The status that goes with it. */
export const refusalStatus = ({ code }: Problem): number => problemKinds[code].status;
