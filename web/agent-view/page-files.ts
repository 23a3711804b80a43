import { readFileSync } from 'node:fs';

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/*
 * The files of the agent's pages as texts. The build puts the texts themselves, made smaller, in place of this module: a
 * function has no files beside it.
 */

export const handoverScript = file('handover.js');
export const listScript = file('list.js');
export const againScript = file('again.js');
export const pageStyle = file('page.css');
