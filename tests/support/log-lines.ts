import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';

const STDOUT = 1;

/** Keeps the log lines of what runs in this file, instead of printing them. */
export function keepLogLines(): readonly string[] {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line.trimEnd());
  const writeSync = fs.writeSync as (fd: number, ...rest: unknown[]) => number;
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, data: unknown, ...rest: unknown[]) => {
    if (fd !== STDOUT || !Buffer.isBuffer(data)) return writeSync(fd, data, ...rest);
    keep(data.toString('utf8'));
    return data.byteLength;
  }) as typeof fs.writeSync);
  syncBuiltinESMExports();
  return lines;
}
