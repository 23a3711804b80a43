/** What runs where a link has expired: whoever has had the page open in this tab gets a new link. */

const handoverId = new URLSearchParams(location.search).get('handoverId') ?? '';

/** The token that the page left here; a browser may keep frames from having anything of their own. */
function takeToken() {
  const name = `handover ${handoverId}`;
  try {
    const token = sessionStorage.getItem(name);
    // Once: a new link that does not open either must not lead here again and again.
    sessionStorage.removeItem(name);
    return token;
  } catch {
    return null;
  }
}

const token = takeToken();
if (token !== null) {
  const query = new URLSearchParams({ handoverId, renew: '1' });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${location.pathname}?${query}`, { headers, cache: 'no-store' });
  if (answer.ok) {
    const { search } = new URL((await answer.json()).url);
    location.replace(location.pathname + search);
  }
}
