/** A moment as Twilio's voice and messaging APIs write it: `Fri, 27 Nov 2026 20:40:26 +0000`. */
export const twilioTime = (atMs: number): string => new Date(atMs).toUTCString().replace('GMT', '+0000');
