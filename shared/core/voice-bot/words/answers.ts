import type { Phrases } from './words.ts';

type Answers = Pick<Phrases, 'yes' | 'no' | 'doubts'>;

const listed = (text: string): readonly string[] => text.trim().split(/,\s+/);

/** What is said to a question of the channel itself. */
export const answers: Readonly<Record<'en' | 'de', Answers>> = {
  en: {
    yes: listed(`
      yes, yeah, yep, yup, sure, sure thing, ok, okay, of course, absolutely, definitely, right, correct, exactly, true,
      thats right, fine, thats fine, its fine, that is fine, good, great, perfect, sounds good, that would be great,
      all right, alright, affirmative, mhm, mm hmm, you bet, why not, by all means, no problem, i said yes, yes thanks,
      yes thank you, yeah thanks, right now, right away, do, do it, do that, go on, lets go on, let us go on, continue,
      lets continue, go ahead, i do, i think, i guess, i suppose, i would, i would like to, id like to, i want to,
      id love to, i would love to, i would like to go on, id like to go on, with that, where i stopped,
      where we stopped, where it stopped`),
    no: listed(`
      no, no thanks, no thank you, nope, nah, negative, no need, not really, not now, not yet, later, maybe later,
      perhaps later, another time, rather not, i would rather not, id rather not, dont, do not, dont do it, dont do that,
      of course not, absolutely not, definitely not, i said no, i dont think, i do not think, nothing, never mind, stop,
      cancel, cancel it, cancel that, forget it, forget that, skip, skip it, start over, start again, begin again,
      restart, from the beginning, something else, something new, not me, it wasnt me, that was not me, that wasnt me,
      i did not call, i didnt call, i never called`),
    doubts: listed(`
      and, or, but, maybe, perhaps, possibly, probably, could be, might be, what, why, is it, is that right, huh, hmm,
      whatever, not sure, i am not sure, im not sure, no idea, i have no idea, dunno, i do not know, i dont know,
      i dont care, i do not care, i dont mind, i do not mind, it doesnt matter, doesnt matter, up to you, wait, hold on,
      hang on, one moment, a moment, one second, a second, one sec, a sec, one minute, a minute, in a minute,
      bear with me, let me think, let me check, im thinking, hello, hi, are you there, who is this, which call, what call,
      thanks, thank you, i dont understand, i do not understand, i didnt hear, i did not hear, not yes, not no`),
  },
  de: {
    yes: listed(`
      ja, jawohl, gern, gerne, klar, okay, ok, gut, in ordnung, genau, richtig, stimmt, sicher, naturlich,
      unbedingt, auf jeden fall, warum nicht, weiter, weitermachen, machen wir weiter, ich mochte weitermachen,
      mochte ich, das mochte ich, damit, wo wir waren`),
    no: listed(`
      nein, nein danke, ne, nee, nicht, nicht weiter, damit nicht, lieber nicht, jetzt nicht, noch nicht, spater,
      auf keinen fall, stimmt nicht, das stimmt nicht, abbrechen, vergessen sie es, von vorne, von vorn, neu,
      etwas anderes, etwas neues, neues anliegen, ein neues anliegen, das war ich nicht, das war nicht ich,
      ich war das nicht, ich habe nicht angerufen`),
    doubts: listed(`
      und, oder, aber, doch, jein, vielleicht, was, womit, warum, stimmt das, egal, mir egal, ist mir egal,
      das ist mir egal, moment, einen moment, augenblick, einen augenblick, sekunde, eine sekunde, warte, warten sie,
      hallo, welcher anruf, welches gesprach, weiss nicht, ich weiss nicht, ich weiss es nicht, ich bin nicht sicher,
      ich bin mir nicht sicher, nicht sicher, keine ahnung`),
  },
};
