/** Where somebody is in their first handover. */

/** The customer and an agent have written to each other. */
function haveTalked({ lines }) {
  const answered = lines.findIndex(({ by }) => by === 'agent');
  return answered >= 0 && lines.slice(answered).some(({ by }) => by === 'customer');
}

/** Marks the steps that are done, and the next one, by the newest ticket. */
export function showGuide([newest]) {
  const isOver = newest?.state === 'ended';
  const done = {
    ask: newest !== undefined,
    accept: isOver || newest?.state === 'taken',
    talk: isOver || (newest !== undefined && haveTalked(newest)),
    end: isOver,
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
