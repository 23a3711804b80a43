import fs from 'node:fs';
import { vi } from 'vitest';

const STDOUT = 1;

/** Keeps the log lines of what runs in this file, instead of printing them. */
export function keepLogLines(): readonly string[] {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line.trimEnd());
  const writeSync = fs.writeSync as (fd: number, ...rest: unknown[]) => number;
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, data: unknown, ...rest: unknown[]) => {
    if (fd !== STDOUT || typeof data !== 'string') return writeSync(fd, data, ...rest);
    keep(data);
    return data.length;
  }) as typeof fs.writeSync);
  return lines;
}
