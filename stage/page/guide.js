/** Where somebody is in their first handover. */

const has = (ticket, by) => ticket.lines.some((line) => line.by === by);

/** The customer and an agent have written to each other. */
function haveTalked({ lines }) {
  const answered = lines.findIndex(({ by }) => by === 'agent');
  return answered >= 0 && lines.slice(answered).some(({ by }) => by === 'customer');
}

/** Marks the steps that are done, and the next one, by the newest ticket. */
export function showGuide([newest]) {
  const done = {
    ask: newest !== undefined,
    accept: newest?.state === 'taken' || (newest?.state === 'ended' && has(newest, 'agent')),
    talk: newest !== undefined && haveTalked(newest),
    end: newest?.state === 'ended',
  };
  let isNext = true;
  for (const step of document.querySelectorAll('#guide [data-step]')) {
    const isDone = done[step.dataset.step];
    step.classList.toggle('done', isDone);
    if (!isDone && isNext) step.setAttribute('aria-current', 'step');
    else step.removeAttribute('aria-current');
    if (!isDone) isNext = false;
  }
}
