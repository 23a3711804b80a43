import { element, find } from './dom.js';

const MOST_SHOWN = 200;

function readable({ headers, body }) {
  const named = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  let words = body;
  if (body.startsWith('{')) {
    try {
      words = JSON.stringify(JSON.parse(body), undefined, 2);
    } catch {
      words = body;
    }
  } else if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    words = [...new URLSearchParams(body)].map(([name, value]) => `${name} = ${value}`).join('\n');
  }
  return `${named.join('\n')}\n\n${words}`.trim();
}

function showEvent(event) {
  if (event.vendor === 'dynamodb' && !find('show-table').checked) return;
  const { pathname, host } = new URL(event.url);
  const what = event.headers['x-amz-target']?.split('.').at(-1) ?? pathname;
  const summary = element('summary');
  const status = event.status === 0 ? '…' : String(event.status);
  summary.append(
    element('span', event.direction === 'out' ? '→' : '←', 'arrow'),
    element('span', event.vendor, 'vendor'),
    element('span', `${event.method} ${what}`, 'where'),
    element('span', status, `status ${event.status >= 200 && event.status < 300 ? 'good' : 'bad'}`),
  );
  summary.title = `${event.direction === 'out' ? 'to' : 'from'} ${event.vendor}: ${event.method} ${host}${pathname}`;
  const details = element('details');
  details.append(summary, element('pre', readable(event)));
  const item = element('li');
  item.append(details);
  find('events').prepend(item);
  if (find('events').childElementCount > MOST_SHOWN) find('events').lastElementChild.remove();
  find('no-events').hidden = true;
}

let counted = 0;

/** Shows every request from now on, and tells of those that are not about the table. */
export function follow(tell) {
  const live = new EventSource('/_stage/live');
  live.addEventListener('message', ({ data }) => {
    counted += 1;
    find('event-count').textContent = String(counted);
    const event = JSON.parse(data);
    showEvent(event);
    if (event.vendor !== 'dynamodb') tell();
  });
}

/** Empties the list. */
export function forget() {
  counted = 0;
  find('event-count').textContent = '0';
  find('events').replaceChildren();
  find('no-events').hidden = false;
}
