import { readFileSync } from 'node:fs';

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Modules as one script, in the order of what they import: a script that is part of a page can import nothing. */
const joined = (...names: readonly string[]): string =>
  names
    .map((name) =>
      file(name)
        .replace(/^import [^;]*;\n/gm, '')
        .replace(/^export /gm, ''),
    )
    .join('\n');

/*
 * The files of the agent's pages as texts. The build puts the texts themselves, made smaller, in place of this module: a
 * function has no files beside it.
 */

export const handoverScript = joined('dom.js', 'showing.js', 'copying.js', 'handover.js');
export const listScript = joined('dom.js', 'list.js');
export const againScript = file('again.js');
export const pageStyle = file('page.css');
