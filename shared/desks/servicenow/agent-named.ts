import * as v from 'valibot';
import type { AgentProfile } from '../../core/handover/bot.ts';
import { plainText } from '../../core/plain-text.ts';
import { isPublicPicture } from '../../core/public-picture.ts';

const shown = plainText(100);

/** An agent as customers may see them; undefined when nothing is known that could be shown. */
export function agentNamed(name: unknown, picture = ''): AgentProfile | undefined {
  const parsed = v.safeParse(shown, name);
  const profile = {
    ...(parsed.success && parsed.output !== undefined ? { name: parsed.output } : {}),
    ...(isPublicPicture(picture) ? { avatarUrl: picture } : {}),
  };
  return Object.keys(profile).length > 0 ? profile : undefined;
}
