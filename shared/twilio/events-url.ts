import type { PublicUrls } from '../core/public-urls.ts';

/**
 * Where the events of one conversation are told. `isShown` where the customer reads the conversation itself: then what agents
 * write there is not shown a second time.
 */
export function eventsUrl(urls: PublicUrls, handoverId: string, isShown: boolean): string {
  return `${urls.of('desk-events')}?handoverId=${encodeURIComponent(handoverId)}${isShown ? '&shown=1' : ''}`;
}
